/* What is taken down for somebody else, at the telephone and at the counter: which kinds of matter may come in that way, the
 * form of the one that was chosen, kept over a reload. */
import { computed, onMounted, reactive, ref, shallowRef, watch } from 'vue'
import { fieldsBody } from '../core/body'
import { askedFields, faults, stopped, type Values } from '../core/check'
import { judgeOf } from '../core/rule'
import type { CaseKind, FieldType, Intake, NewCase, Scene } from '../core/types'
import { forgetDraft, keepDraft, recallDraft } from '../shell/draft'
import { api } from '../shell/net'
import { scenesFor } from '../shell/session'

interface Choice { scene: Scene; kind: CaseKind }
export const pathOf = ({ scene, kind }: Choice) => `${scene.name}/${kind.name}`

/* `leaves`: types of fields that stand elsewhere on the page, or do not come that way. */
export function useTaking(page: string, channel: () => string, leaves: FieldType[]) {
  const all = shallowRef<Choice[]>([])
  const chosen = ref('')
  const values = reactive<Values>({})
  const wrong = ref<Record<string, string>>({})

  /* What residents cannot write themselves stands first. */
  const choices = computed(() => all.value.filter(one => one.kind.channels.includes(channel()))
    .sort((a, b) => Number(a.kind.channels.includes('app')) - Number(b.kind.channels.includes('app'))))
  const choice = computed(() => choices.value.find(one => pathOf(one) === chosen.value) ?? null)
  const kind = computed(() => choice.value?.kind ?? null)
  const draftName = computed(() => `${page}/${chosen.value}`)

  onMounted(async () => {
    const scenes = await Promise.all(scenesFor('desk').map(scene => api.scene(scene.name).catch(() => null)))
    all.value = scenes.filter(scene => scene !== null).flatMap(scene => scene.cases.map(one => ({ scene, kind: one })))
  })
  watch(choices, ([first]) => { if (!choice.value) chosen.value = first ? pathOf(first) : '' })
  watch(kind, is => {
    clear()
    if (is) Object.assign(values, recallDraft(draftName.value, is))
  })
  watch(values, () => { if (kind.value) keepDraft(draftName.value, kind.value, values) })

  const judge = computed(() => (kind.value ? judgeOf(kind.value) : () => null))
  const asked = computed(() => (kind.value ? askedFields(kind.value, values, judge.value) : []))
  const fields = computed(() => asked.value.filter(field => !leaves.includes(field.type)))
  const phones = computed(() => asked.value.filter(field => field.type === 'phone'))
  const stop = computed(() => (kind.value ? stopped(kind.value, values, judge.value) : null))

  function clear(): void {
    for (const key of Object.keys(values)) delete values[key]
    wrong.value = {}
  }

  /* The number stands on the page once, and in whatever asks for it. */
  function check(number: string): boolean {
    for (const field of phones.value) values[field.name] = number
    wrong.value = faults(fields.value, values)
    return Object.keys(wrong.value).length === 0
  }

  function body(intake: Intake): NewCase {
    const { scene, kind: of } = choice.value!
    const names = new Set(asked.value.map(field => field.name))
    return { scene: scene.name, kind: of.name, channel: channel(), intake, fields: fieldsBody(of, values, name => names.has(name)) }
  }

  const forget = () => forgetDraft(draftName.value)
  function empty(): void {
    clear()
    forget()
  }

  return { choices, chosen, choice, kind, values, wrong, asked, fields, phones, stop, check, body, forget, empty }
}

export function toFirstWrong(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.field:has(> .err) :is(input, textarea, select, button)')?.focus())
}
