/** Outlines on a grid of 24, drawn with the colour of the text around them. */
const PATHS = {
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Zm5.2 12.2L21 21',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
  pause: 'M8 5v14M16 5v14',
  photo: 'M4 5h16v14H4V5Zm0 11 4.5-4.5L13 16l3-3 4 4M15.5 9.5h.01',
  lock: 'M6 11h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  download: 'M12 4v11m-4.5-4L12 15.5 16.5 11M5 20h14',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  up: 'M12 20V5m-6 6 6-6 6 6',
  close: 'M6 6l12 12M18 6 6 18',
  dark: 'M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2Z',
  restart: 'M5 12a7 7 0 1 0 2.3-5.2M5 4.5v3.8h3.8',
  offline: 'M4 4l16 16M8.5 8.8A8 8 0 0 0 5 11m7-3a9 9 0 0 1 7 3m-10.6 3.4a5 5 0 0 1 7.2 0M12 18.5h.01',
  check: 'M5 12.5 10 17.5 19.5 7',
  pix: 'M12 3.5 20.5 12 12 20.5 3.5 12 12 3.5ZM8 8h1.2l2.8 2.8L14.8 8H16m-8 8h1.2l2.8-2.8 2.8 2.8H16',
  card: 'M3 6h18v12H3V6Zm0 4h18M6.5 14.5h3',
  copy: 'M9 9h10v11H9V9Zm-4 6V4h10',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 3.8v4.7l3 1.7',
  alert: 'M12 4.5 21 19.5H3l9-15Zm0 5.7v4.3m0 2.4h.01',
  mail: 'M3 6h18v12H3V6Zm0 .5 9 7 9-7',
  refund: 'M9 9H4.5V4.5M4.8 9a8 8 0 1 1-.6 4.5',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm-7.5 16a7.5 7.5 0 0 1 15 0',
  film: 'M4 5h16v14H4V5Zm4 0v14m8-14v14M4 9.7h4m-4 4.6h4m8-4.6h4m-4 4.6h4',
}

export type IconName = keyof typeof PATHS

/** Decoration: the text beside it says the same. */
export function Icon({ name, class: size = 'size-5' }: { name: IconName; class?: string }) {
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
