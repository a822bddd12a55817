/* Matters lie in counties: whoever looks after more than one of them chooses among them. */
import { computed, shallowRef, watch } from 'vue'
import { liesIn } from '../core/areas'
import { api } from './net'
import { me } from './session'

export interface Named { code: string; name: string }
const COUNTY_DIGITS = 6

async function countiesIn(area: Named): Promise<Named[]> {
  if (area.code.length >= COUNTY_DIGITS) return [area]
  const { items } = await api.areas(area.code)
  return (await Promise.all(items.map(countiesIn))).flat()
}

/* Of each area above them, asked for once; where that fails it stands for itself, and the server says what is wrong. */
const below = shallowRef<Record<string, Named[]>>({})
const above = computed(() => (me.value?.holds ?? []).map(({ area, area_name }) => ({ code: area, name: area_name })).filter(one => one.code.length < COUNTY_DIGITS))
watch(above, async areas => {
  for (const area of areas.filter(one => !below.value[one.code])) {
    const found = await countiesIn(area).catch(() => [area])
    below.value = { ...below.value, [area.code]: found }
  }
}, { immediate: true })

/* None for whoever answers for a county or for what lies in one. */
export const counties = computed(() => above.value.flatMap(one => below.value[one.code] ?? []))
export const countiesKnown = computed(() => above.value.every(one => below.value[one.code]))
export const inCounties = (area: Named): Named[] => (area.code.length < COUNTY_DIGITS ? below.value[area.code] ?? [] : [area])

/* An area held inside another held area is found there; above the counties these are looked at one by one. */
export const held = computed(() => {
  const all = (me.value?.holds ?? []).flatMap(({ area, area_name }) => inCounties({ code: area, name: area_name }))
  const unique = all.filter((one, i) => all.findIndex(other => other.code === one.code) === i)
  return unique.filter(one => !unique.some(other => other !== one && liesIn(one.code, other.code)))
})
