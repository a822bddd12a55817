/* The icons that a scene may name for its place on the home pages; another name is shown as a sheet of paper. */
export const SCENE_ICONS = [
  'camera', 'doc', 'phone', 'pin', 'clock', 'alert', 'search', 'mic', 'speaker', 'home', 'people', 'person', 'door',
  'lock', 'bell', 'heart', 'drop', 'battery', 'bulb', 'print', 'card', 'calendar', 'coin', 'house', 'question', 'wheel', 'note',
]

export function sceneIcon(name: string): string {
  return SCENE_ICONS.includes(name) ? name : 'doc'
}
