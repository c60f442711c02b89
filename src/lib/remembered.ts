/**
 * `read`, whose answer for one subject is given again for so many milliseconds. Callers at the same moment share one
 * reading; a failed one is not remembered, nor one that is not worth it.
 */
export function remembered<Subject extends object, Value>(
  milliseconds: number,
  read: (subject: Subject) => Promise<Value>,
  isWorthIt: (value: Value) => boolean = () => true,
): (subject: Subject) => Promise<Value> {
  const answers = new WeakMap<Subject, { value: Promise<Value>; until: number }>()
  return function rememberedRead(subject) {
    const known = answers.get(subject)
    if (known && known.until > performance.now()) return known.value

    const value = read(subject)
    answers.set(subject, { value, until: performance.now() + milliseconds })
    value.then(
      (answer) => isWorthIt(answer) || answers.delete(subject),
      () => answers.delete(subject),
    )
    return value
  }
}
