/* scenes/_template/scene.yaml as `linli scene new` writes it: @name@ and @title@
 * stand for what it is called.  Generated from that file. */
#ifndef APP_SCENE_TEMPLATE_H
#define APP_SCENE_TEMPLATE_H

extern const char scene_template[];

#endif
