import { chromium } from 'playwright-core'
import { Canvas, type CanvasSize, type Scene } from './canvas.ts'

/** Turns scenes into pixels with Chromium, which draws SVG well and the same way every time. */
export interface Studio {
  /** The scene as PNG, as it is at `time` (0 to 1) of its clip. */
  photograph(scene: Scene, size: CanvasSize, seed: string, time?: number): Promise<Buffer>
  close(): Promise<void>
}

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium'

export async function openStudio(): Promise<Studio> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  })
  const page = await browser.newPage()

  return {
    async photograph(scene, size, seed, time = 0) {
      const canvas = new Canvas(size, seed, time)
      scene(canvas)
      await page.setViewportSize(size)
      await page.setContent(`<style>*{margin:0}svg{display:block}</style>${canvas}`)
      return page.screenshot({ type: 'png' })
    },
    close: () => browser.close(),
  }
}
