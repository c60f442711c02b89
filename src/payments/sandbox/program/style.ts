/** One sheet for all pages, dark where the visitor likes it. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f9, #131217);
  --surface: light-dark(#ffffff, #1d1b23);
  --line: light-dark(#dcd9e4, #36333f);
  --ink: light-dark(#1c1a22, #f5f4f8);
  --quiet: light-dark(#5c5866, #b4b0be);
  --main: light-dark(#5b3fd6, #a896ff);
  --on-main: light-dark(#ffffff, #17122e);
  --good: light-dark(#0b6b3f, #5fd49b);
  --bad: light-dark(#a3242b, #ff9d9a);
  --stripe: light-dark(#ffd34d, #e0b22e);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100dvh;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
header {
  padding: 0.9rem 1rem 0.75rem;
  border-top: 10px solid;
  border-image: repeating-linear-gradient(-45deg, var(--stripe) 0 14px, #1c1a22 14px 28px) 10;
  border-right: 0;
  border-bottom: 0;
  border-left: 0;
  text-align: center;
  font-size: 0.9rem;
  color: var(--quiet);
}
header strong {
  color: var(--ink);
  letter-spacing: 0.08em;
  text-transform: uppercase;
}
main {
  width: min(30rem, 100% - 2rem);
  margin: 1.5rem auto 3rem;
  padding: clamp(1.25rem, 5vw, 2.25rem);
  border: 1px solid var(--line);
  border-radius: 1.5rem;
  background: var(--surface);
  overflow-wrap: anywhere;
}
h1 { margin: 0 0 0.25rem; font-size: 1.35rem; line-height: 1.25; }
p { margin: 0.75rem 0; }
.amount { margin: 0.25rem 0; font-size: 2.25rem; font-weight: 750; letter-spacing: -0.02em; line-height: 1.15; }
.quiet { color: var(--quiet); margin-top: 0; }
.warning { color: var(--bad); font-weight: 600; }
.card {
  display: flex;
  flex-direction: column;
  justify-content: space-between;
  aspect-ratio: 1.8;
  max-width: 20rem;
  margin: 1.25rem 0;
  padding: 1.25rem;
  border-radius: 1.1rem;
  background: linear-gradient(135deg, #5b3fd6, #b0398f);
  color: #fff;
  font: 600 clamp(0.9rem, 4.4vw, 1.15rem)/1 ui-monospace, SFMono-Regular, Menlo, monospace;
  letter-spacing: 0.06em;
  opacity: 0.9;
}
.chip { width: 2.6rem; height: 1.9rem; border-radius: 0.4rem; background: #ffd98a; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.5rem 1.25rem; margin: 1.25rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; text-align: right; font-weight: 600; }
form { display: grid; gap: 0.75rem; margin: 1.25rem 0; }
label { font-weight: 600; }
textarea {
  width: 100%;
  padding: 0.8rem;
  border: 1px solid var(--quiet);
  border-radius: 0.8rem;
  background: var(--ground);
  color: inherit;
  font: 0.9rem/1.5 ui-monospace, SFMono-Regular, Menlo, monospace;
  resize: vertical;
}
button, a.main {
  min-height: 3rem;
  padding: 0.7rem 1.2rem;
  border: 1px solid var(--quiet);
  border-radius: 0.9rem;
  background: transparent;
  color: var(--ink);
  font: inherit;
  font-weight: 650;
  text-align: center;
  cursor: pointer;
}
button.main, a.main { border-color: var(--main); background: var(--main); color: var(--on-main); }
button:hover, a.main:hover { filter: brightness(1.08); }
a { color: var(--main); font-weight: 600; }
a.main { display: block; text-decoration: none; }
:focus-visible { outline: 3px solid var(--main); outline-offset: 3px; }
details { border-top: 1px solid var(--line); padding-top: 0.75rem; }
summary { min-height: 2.75rem; display: flex; align-items: center; cursor: pointer; color: var(--quiet); font-weight: 600; }
summary::before { content: "+"; width: 1.5rem; font-size: 1.2rem; }
details[open] summary::before { content: "−"; }
fieldset { margin: 0; padding: 0; border: 0; }
legend { padding: 0; color: var(--quiet); }
fieldset label { display: flex; align-items: center; gap: 0.7rem; min-height: 2.75rem; font-weight: 400; }
input[type="radio"] { width: 1.2rem; height: 1.2rem; margin: 0; flex: none; accent-color: var(--main); }
.outcome { margin: 0 0 0.75rem; font-size: 1.35rem; font-weight: 700; }
.outcome.paid { color: var(--good); }
.outcome.paid::before { content: "✓ "; }
.outcome.failed, .outcome.charged_back { color: var(--bad); }
`.trimStart()
