/** Outlines on a grid of 24, drawn with the colour of the text around them. */
const PATHS = {
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Zm5.2 12.2L21 21',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
  photo: 'M4 5h16v14H4V5Zm0 11 4.5-4.5L13 16l3-3 4 4M15.5 9.5h.01',
  lock: 'M6 11h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  download: 'M12 4v11m-4.5-4L12 15.5 16.5 11M5 20h14',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
}

/** Decoration: the text beside it says the same. */
export function Icon({ name, class: size = 'size-5' }: { name: keyof typeof PATHS; class?: string }) {
  return (
    <svg
      class={`${size} shrink-0`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
