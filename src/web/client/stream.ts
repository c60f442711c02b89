const PLAYLIST = 'application/vnd.apple.mpegurl'

/** A playlist is played by the browser where it can, else by hls.js, which is fetched then. */
export async function attachStream(video: HTMLVideoElement): Promise<void> {
  if (video.dataset.kind !== 'hls') return
  if (video.canPlayType(PLAYLIST) !== '') {
    video.dataset.playedBy = 'browser'
    return
  }
  const { default: Hls } = await import('hls.js/light')
  if (!Hls.isSupported()) return
  const playlist = video.src
  // Its worker would be a script from a blob, which our policy refuses.
  const stream = new Hls({ enableWorker: false })
  stream.on(Hls.Events.ERROR, (_, { fatal }) => {
    if (!fatal) return
    stream.destroy()
    video.dispatchEvent(new Event('error'))
  })
  stream.loadSource(playlist)
  stream.attachMedia(video)
  video.dataset.playedBy = 'hls.js'
}
