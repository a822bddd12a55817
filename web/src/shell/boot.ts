import { createApp } from 'vue'
import '../style'
import App from './App.vue'
import type { Page } from './router'
import { restoreType } from './type'

export function boot(pages: Page[], begin: () => Promise<void>): void {
  restoreType()
  createApp(App, { pages, begin }).mount('#app')
}
