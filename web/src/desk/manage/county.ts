/* The counties that an administrator looks after; which of them is being looked at stands in the address. */
import { computed } from 'vue'
import { counties as known, type Named } from '../../shell/counties'
import { route } from '../../shell/router'
import { me } from '../../shell/session'

export type { Named }

export function useCounty() {
  const first = me.value?.holds[0]
  const own: Named = { code: first?.area ?? '', name: first?.area_name ?? '' }
  const counties = computed(() => (known.value.length ? known.value : [own]))

  const county = computed(() => counties.value.find(one => one.code === route.value.query.county) ?? counties.value[0]!)
  return { counties, county }
}
