/** Of more characters, a title in large letters would fill a phone. */
const LONG = 60

/** A name of the owner's own making, which may be long, or read from right to left. */
export function PageTitle({ name, class: spacing = '' }: { name: string; class?: string }) {
  return (
    <h1 class={`page-title ${name.length > LONG ? 'page-title-long' : ''} ${spacing}`}>
      <bdi>{name}</bdi>
    </h1>
  )
}
