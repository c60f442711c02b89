import { Placeholder } from './placeholder.tsx'

interface PictureProps {
  source: string | null
  /** What the placeholder is made from. */
  name: string
  /** Empty where the text beside it says the same. */
  alt?: string
  /** Whether it is seen at once, and so not worth waiting with. */
  isFirstSeen?: boolean
  /** Whether all of it is shown, rather than what fills the box. */
  isWhole?: boolean
  /** The size of the placeholder's letters. */
  letters?: string
}

/** Fills the box it is in, which fixes its shape before it has arrived. */
export function Picture({
  source,
  name,
  alt = '',
  isFirstSeen = false,
  isWhole = false,
  letters,
}: PictureProps) {
  if (source === null) return <Placeholder name={name} {...(letters && { class: letters })} />
  return (
    <img
      class={`absolute inset-0 size-full ${isWhole ? 'object-contain' : 'object-cover'}`}
      src={source}
      alt={alt}
      loading={isFirstSeen ? 'eager' : 'lazy'}
      decoding="async"
    />
  )
}
