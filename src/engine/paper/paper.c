#include "engine/paper/paper.h"

#include <stdlib.h>
#include <string.h>

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <qrencode.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "base/forbidden.h"
#include "base/log.h"

/* Debian's fonts-noto-cjk; the third face of each file is the one for Chinese as it is
 * written on the mainland. */
#define FONTS "/usr/share/fonts/opentype/noto/"
enum { FACE_SC = 2 };

/* In points, of 1/72 inch. */
#define WIDTH      595.28
#define HEIGHT     841.89
#define MARGIN     79.4
#define FOOT       118.0 /* below it stands the code */
#define BODY       14.0
#define SMALL      9.0
#define TITLE      22.0
#define LEADING    1.75
#define QR_SIDE    72.0
#define RIGHT_EDGE (WIDTH - MARGIN)

struct face {
    FT_Face            ft;
    cairo_font_face_t *cairo;
};

struct page {
    struct arena       *arena;
    const struct paper *paper;
    FT_Library          library;
    struct face         body, bold;
    cairo_surface_t    *surface;
    cairo_t            *cr;
    double              y;
    int                 n;
    char               *bytes; /* PAPER_BYTES_MAX */
    size_t              len;
};

/* ------------------------------------------------------------- the file */

static cairo_status_t take(void *context, const unsigned char *bytes, unsigned n)
{
    struct page *page = context;

    if (page->len + n > PAPER_BYTES_MAX)
        return CAIRO_STATUS_WRITE_ERROR;
    memcpy(page->bytes + page->len, bytes, n);
    page->len += n;
    return CAIRO_STATUS_SUCCESS;
}

static bool open_face(struct page *page, const char *path, struct face *face)
{
    if (FT_New_Face(page->library, path, FACE_SC, &face->ft) != 0) {
        log_event(LOG_ERROR, "paper.no_typeface", LOG_TEXT("file", str_of(path)),
                  LOG_TEXT("package", STR("fonts-noto-cjk")));
        return false;
    }
    face->cairo = cairo_ft_font_face_create_for_ft_face(face->ft, 0);
    return cairo_font_face_status(face->cairo) == CAIRO_STATUS_SUCCESS;
}

static void close_face(struct face *face)
{
    if (face->cairo)
        cairo_font_face_destroy(face->cairo);
    if (face->ft)
        FT_Done_Face(face->ft);
}

static bool open_page(struct page *page)
{
    if (FT_Init_FreeType(&page->library) != 0)
        return false;
    if (!open_face(page, FONTS "NotoSerifCJK-Regular.ttc", &page->body) ||
        !open_face(page, FONTS "NotoSerifCJK-Bold.ttc", &page->bold))
        return false;
    page->surface = cairo_pdf_surface_create_for_stream(take, page, WIDTH, HEIGHT);
    page->cr = cairo_create(page->surface);
    return cairo_status(page->cr) == CAIRO_STATUS_SUCCESS;
}

/* What was drawn is in the file only when the surface is finished, with both faces there.
 */
static bool close_page(struct page *page)
{
    bool whole = page->surface != NULL;

    if (page->cr)
        cairo_destroy(page->cr);
    if (page->surface) {
        cairo_surface_finish(page->surface);
        whole = cairo_surface_status(page->surface) == CAIRO_STATUS_SUCCESS;
        cairo_surface_destroy(page->surface);
    }
    close_face(&page->body);
    close_face(&page->bold);
    if (page->library)
        FT_Done_FreeType(page->library);
    return whole;
}

/* ---------------------------------------------------------------- words */

static void use(struct page *page, const struct face *face, double size)
{
    cairo_set_font_face(page->cr, face->cairo);
    cairo_set_font_size(page->cr, size);
}

static double width_of(struct page *page, struct str text)
{
    struct arena_mark    mark = arena_mark(page->arena);
    cairo_text_extents_t extents = { 0 };
    char                *z = str_z(page->arena, text);

    if (z)
        cairo_text_extents(page->cr, z, &extents);
    arena_back(page->arena, mark);
    return extents.x_advance;
}

static void put(struct page *page, double x, struct str text)
{
    char *z = str_z(page->arena, text);

    if (!z)
        return;
    cairo_move_to(page->cr, x, page->y);
    cairo_show_text(page->cr, z);
}

static void put_middle(struct page *page, struct str text)
{
    put(page, (WIDTH - width_of(page, text)) / 2, text);
}

static void put_right(struct page *page, struct str text)
{
    put(page, RIGHT_EDGE - width_of(page, text), text);
}

/* ----------------------------------------------------------------- foot */

static void draw_qr(struct page *page, double x, double y, struct str text)
{
    char   *z = str_z(page->arena, text);
    QRcode *code = z ? QRcode_encodeString8bit(z, 0, QR_ECLEVEL_M) : NULL;

    if (!code)
        return;
    double side = QR_SIDE / code->width;
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(page->cr, x + column * side, y + row * side, side, side);
    cairo_fill(page->cr);
    QRcode_free(code);
}

static void draw_foot(struct page *page)
{
    const struct paper *paper = page->paper;
    struct arena       *arena = page->arena;
    double              top = HEIGHT - FOOT + 8;
    struct str url = paper->where.at ? str_fmt(arena, "%.*s/%.*s", STR_ARG(paper->where),
                                               STR_ARG(paper->code))
                                     : paper->code;

    cairo_set_line_width(page->cr, 0.5);
    cairo_move_to(page->cr, MARGIN, top - 6);
    cairo_line_to(page->cr, RIGHT_EDGE, top - 6);
    cairo_stroke(page->cr);
    draw_qr(page, RIGHT_EDGE - QR_SIDE, top, url);
    use(page, &page->body, SMALL);
    page->y = top + 14;
    put(page, MARGIN, str_fmt(arena, "核验码：%.*s", STR_ARG(paper->code)));
    page->y += SMALL * LEADING;
    if (paper->where.at)
        put(page, MARGIN,
            str_fmt(arena, "扫右边的码，或打开 %.*s 填核验码，可以核对真伪。",
                    STR_ARG(paper->where)));
    else
        put(page, MARGIN, STR("请向出具单位凭核验码核对真伪。"));
    page->y += SMALL * LEADING;
    put(page, MARGIN, str_fmt(arena, "第 %d 页", ++page->n));
}

static void next_page(struct page *page)
{
    draw_foot(page);
    cairo_show_page(page->cr);
    use(page, &page->body, BODY);
    page->y = MARGIN + BODY;
}

static void go_down(struct page *page, double by)
{
    page->y += by;
    if (page->y > HEIGHT - FOOT - BODY)
        next_page(page);
}

/* ----------------------------------------------------------- paragraphs */

/* Where a line may end, by the rules of Chinese punctuation; bytes from the start. */
struct breaks {
    UBreakIterator *at;
    UText           text;
};

static bool open_breaks(struct breaks *breaks, struct str text)
{
    UErrorCode status = U_ZERO_ERROR;

    breaks->text = (UText)UTEXT_INITIALIZER;
    utext_openUTF8(&breaks->text, text.at, (int64_t)text.len, &status);
    breaks->at = ubrk_open(UBRK_LINE, "zh", NULL, 0, &status);
    if (U_SUCCESS(status))
        ubrk_setUText(breaks->at, &breaks->text, &status);
    return U_SUCCESS(status);
}

static void close_breaks(struct breaks *breaks)
{
    if (breaks->at)
        ubrk_close(breaks->at);
    utext_close(&breaks->text);
}

/* The most of the text that fits; at least one piece. */
static size_t fitting(struct page *page, struct breaks *breaks, struct str text,
                      size_t from, double room)
{
    size_t end = text.len;

    for (int32_t next = ubrk_following(breaks->at, (int32_t)from); next != UBRK_DONE;
         next = ubrk_next(breaks->at)) {
        struct str piece = str_slice(text.at + from, (size_t)next - from);
        if (width_of(page, str_trim(piece)) > room)
            return end == text.len ? (size_t)next : end;
        end = (size_t)next;
    }
    return text.len;
}

static void put_paragraph(struct page *page, struct str text)
{
    struct breaks breaks;
    double        indent = 2 * BODY;

    if (!open_breaks(&breaks, text)) {
        close_breaks(&breaks);
        return;
    }
    for (size_t from = 0; from < text.len;) {
        size_t end = fitting(page, &breaks, text, from, WIDTH - 2 * MARGIN - indent);
        put(page, MARGIN + indent, str_trim(str_slice(text.at + from, end - from)));
        go_down(page, BODY * LEADING);
        from = end;
        indent = 0;
    }
    close_breaks(&breaks);
}

/* Line breaks in what people wrote are paragraphs. */
static void put_text(struct page *page, struct str text)
{
    for (struct str_cut cut = { .tail = text, .ok = true }; cut.ok && cut.tail.len;) {
        cut = str_cut(cut.tail, '\n');
        if (str_trim(cut.head).len)
            put_paragraph(page, str_trim(cut.head));
    }
}

/* ----------------------------------------------------------------- page */

static void put_head(struct page *page)
{
    const struct paper *paper = page->paper;

    page->y = MARGIN + TITLE;
    use(page, &page->bold, TITLE);
    put_middle(page, paper->title);
    page->y += TITLE * LEADING;
    use(page, &page->body, SMALL + 2);
    put_right(page, str_fmt(page->arena, "编号：%.*s", STR_ARG(paper->number)));
    page->y += BODY * LEADING;
    use(page, &page->body, BODY);
}

static void put_signs(struct page *page)
{
    const struct str *signs = page->paper->signs.at;

    for (size_t i = 0; i < page->paper->signs.n; i++) {
        go_down(page, BODY * LEADING * 1.2);
        put(page, MARGIN, str_fmt(page->arena, "%.*s（签字）：", STR_ARG(signs[i])));
        cairo_set_line_width(page->cr, 0.5);
        cairo_move_to(page->cr, MARGIN + 190, page->y + 3);
        cairo_line_to(page->cr, RIGHT_EDGE, page->y + 3);
        cairo_stroke(page->cr);
    }
    go_down(page, BODY * LEADING * 1.6);
    put_right(page, page->paper->issuer);
    go_down(page, BODY * LEADING);
    put_right(page, page->paper->day);
}

static void draw(struct page *page)
{
    const struct str *lines = page->paper->lines.at;

    cairo_pdf_surface_set_metadata(page->surface, CAIRO_PDF_METADATA_TITLE,
                                   str_z(page->arena, page->paper->title));
    put_head(page);
    for (size_t i = 0; i < page->paper->lines.n; i++)
        put_text(page, lines[i]);
    put_signs(page);
    draw_foot(page);
    cairo_show_page(page->cr);
}

enum rc paper_write(struct arena *arena, const struct paper *paper, struct str *pdf)
{
    struct page page = { .arena = arena,
                         .paper = paper,
                         .bytes = arena_take(arena, PAPER_BYTES_MAX) };

    *pdf = STR_NONE;
    if (!page.bytes)
        return RC_TOO_LARGE;
    bool opened = open_page(&page);
    if (opened)
        draw(&page);
    bool whole = close_page(&page);
    if (!opened)
        return RC_UNAVAILABLE;
    if (!whole)
        return RC_TOO_LARGE;
    *pdf = str_slice(page.bytes, page.len);
    return RC_OK;
}
