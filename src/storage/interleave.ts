/**
 * What several sources yield, as it comes. Each is asked for one item ahead and no more until that is taken, so a
 * slow consumer slows them all. The first error ends everything; `stop` is called before the others are closed.
 */
export async function* interleave<T>(sources: AsyncGenerator<T>[], stop: () => void): AsyncGenerator<T> {
  const ask = (source: AsyncGenerator<T>) => {
    const asked = source.next().then((step) => ({ source, step }))
    // It is awaited when the consumer comes back; a failure until then must not count as unhandled.
    asked.catch(() => {})
    return asked
  }
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
