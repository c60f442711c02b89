/**
 * What several sources yield, as it comes. Each is asked for one item ahead and no more until that is taken, so a
 * slow consumer slows them all. The first error ends everything; `stop` is called before the others are closed.
 */
export async function* interleave<T>(sources: AsyncGenerator<T>[], stop: () => void): AsyncGenerator<T> {
  const ask = async (source: AsyncGenerator<T>) => ({ source, step: await source.next() })
  const asked = new Map(sources.map((source) => [source, ask(source)]))
  try {
    while (asked.size > 0) {
      const { source, step } = await Promise.race(asked.values())
      asked.delete(source)
      if (step.done) continue
      asked.set(source, ask(source))
      yield step.value
    }
  } finally {
    stop()
    await Promise.allSettled([...asked.values(), ...sources.map((source) => source.return(undefined))])
  }
}
