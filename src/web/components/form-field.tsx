import type { Child } from 'hono/jsx'

/** What a form shows again when something in it was not right; empty for one that is shown for the first time. */
export interface FormState {
  /** What was typed, by the fields' names; never passwords. */
  values: Record<string, string | undefined>
  /** What is wrong, by the fields' names, in the order of the fields: the first of them has the focus. */
  errors: Record<string, string | undefined>
}

export const EMPTY_FORM: FormState = { values: {}, errors: {} }

export interface FormFieldProps {
  form: FormState
  name: string
  label: string
  type?: 'text' | 'email' | 'password' | 'tel'
  /** Stays below the field, for who has to know it before typing. */
  hint?: string | undefined
  /** What the browser may fill in: https://html.spec.whatwg.org/#autofill-field */
  autocomplete: string
  inputmode?: 'text' | 'email' | 'numeric' | 'tel'
  required?: boolean
  minlength?: number
  maxlength?: number
  /** Of a page whose one purpose is this field. A field with an error has the focus in any case. */
  autofocus?: boolean
  /** For scripts, as `data-…`. */
  [data: `data-${string}`]: string | boolean | undefined
}

/** A labelled field; what is wrong with it is told beside it, and to who hears the page as well. */
export function FormField(props: FormFieldProps) {
  const { form, name, label, hint, type = 'text', required = true, autofocus = false, ...input } = props
  const error = form.errors[name]
  const notes = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ')
  const isFirstError = firstError(form) === name
  return (
    <div class="flex flex-col gap-1.5">
      <label class="ps-1 text-sm font-semibold" for={name}>
        {label}
      </label>
      <input
        class="field field-box"
        id={name}
        name={name}
        type={type}
        {...(type !== 'password' && { value: form.values[name] ?? '' })}
        {...(type !== 'text' && PLAIN_TYPING)}
        {...(required && { required: true })}
        {...(error && { 'aria-invalid': 'true' })}
        {...(notes && { 'aria-describedby': notes })}
        {...((isFirstError || (autofocus && firstError(form) === undefined)) && { autofocus: true })}
        {...input}
      />
      {error && (
        <p class="field-error" id={`${name}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="ps-1 text-sm text-muted" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** Names, numbers and addresses are typed as they are. */
const PLAIN_TYPING = { autocapitalize: 'none', spellcheck: false } as const

const firstError = ({ errors }: FormState) => Object.keys(errors).find((name) => errors[name])

/** What is wrong with the whole of a form, or what has come of it. */
export function FormMessage({ kind, children }: { kind: 'error' | 'done'; children: Child }) {
  return (
    <p
      class={`form-message ${kind === 'error' ? 'form-message-error' : ''}`}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      {children}
    </p>
  )
}
