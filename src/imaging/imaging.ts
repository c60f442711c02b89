import { ffmpegFrames } from './ffmpeg-frames.ts'
import type { MadePictures, PictureRecipe } from './picture-messages.ts'
import { type PictureLimits, PictureProcess } from './picture-process.ts'

/** Where a program on this machine finds a file: by its path, or at an address that works for a minute or two. */
export type VideoSource = { path: string } | { url: string }

export interface MadeOfVideo extends MadePictures {
  /** Milliseconds; null where the file does not tell. */
  durationMs: number | null
}

/**
 * Makes pictures of files that nobody vouches for, in processes of their own with limits of time and size.
 * Both methods throw `Unreadable` when it is the file's fault and `Unavailable` when the machine cannot.
 */
export interface Imaging {
  /** From one decoding of the file. JPEG, PNG, WebP, AVIF and GIF by their content, whatever they are named. */
  ofPicture(file: string, recipes: PictureRecipe[]): Promise<MadePictures>
  /** Of a frame from the beginning; null where ffmpeg is not installed. */
  ofVideo(video: VideoSource, recipes: PictureRecipe[]): Promise<MadeOfVideo | null>
  /** Whether ffmpeg is installed. */
  readonly takesFrames: boolean
  /** The id of the process that makes pictures, while there is one. */
  readonly pid: number | null
  close(): Promise<void>
}

export interface ImagingOptions extends Partial<PictureLimits> {
  /** Folders in which ffmpeg and ffprobe are looked for. */
  programFolders: string[]
}

/** Starts nothing until there is something to make. */
export function openImaging({ programFolders, ...limits }: ImagingOptions): Imaging {
  const process = new PictureProcess(limits)
  const frames = ffmpegFrames(programFolders)
  return {
    ofPicture: (file, recipes) => process.make({ source: file, recipes }),
    async ofVideo(video, recipes) {
      const frame = await frames?.(video)
      if (!frame) return null
      const made = await process.make({ source: frame.picture, recipes })
      return { ...made, durationMs: frame.durationMs }
    },
    takesFrames: frames !== null,
    get pid() {
      return process.pid
    },
    close: () => process.close(),
  }
}
