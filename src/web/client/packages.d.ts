/** What two packages describe wrongly, or not at all, as far as it is used here. */

declare module 'hls.js/light' {
  export { default } from 'hls.js'
}

declare module 'plyr' {
  interface PlyrOptions {
    controls: string[]
    settings: string[]
    iconUrl: string
    blankVideo: string
    title: string
    i18n: Record<string, string>
    speed: { selected: number; options: number[] }
    captions: { active: boolean; language: string; update: boolean }
    keyboard: { focused: boolean; global: boolean }
    fullscreen: { enabled: boolean; fallback: boolean; iosNative: boolean }
    tooltips: { controls: boolean; seek: boolean }
    invertTime: boolean
    storage: { enabled: boolean; key: string }
  }

  export default class Plyr {
    constructor(video: HTMLVideoElement, options: PlyrOptions)
    readonly playing: boolean
    speed: number
    pip: boolean
  }
}
