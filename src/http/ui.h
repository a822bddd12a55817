/* The page that shows the interface, at /api/.  Generated from ui/. */
#ifndef HTTP_UI_H
#define HTTP_UI_H

extern const char ui_index_html[], ui_page_js[], ui_page_css[];

#endif
