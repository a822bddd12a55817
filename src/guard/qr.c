#include "guard/qr.h"

#include <stdio.h>

#include <qrencode.h>

enum { RUN_BYTES = 32 }; /* "M176 176h177v1h-177z" */

/* How many dark squares stand side by side from there. */
static int run_of(const QRcode *code, int row, int column)
{
    int n = 0;

    while (column + n < code->width && code->data[row * code->width + column + n] & 1)
        n++;
    return n;
}

static struct str path_of(struct arena *arena, const QRcode *code)
{
    size_t room = (size_t)code->width * ((size_t)code->width / 2 + 1) * RUN_BYTES, len = 0;
    char  *path = arena_take(arena, room);

    for (int row = 0; path && row < code->width; row++)
        for (int column = 0; column < code->width;) {
            int n = run_of(code, row, column);
            if (n)
                len += (size_t)snprintf(path + len, room - len, "M%d %dh%dv1h-%dz", column,
                                        row, n, n);
            column += n + 1;
        }
    return path ? str_slice(path, len) : STR_NONE;
}

struct qr qr_of(struct arena *arena, struct str text)
{
    char     *z = str_z(arena, text);
    QRcode   *code = z ? QRcode_encodeString8bit(z, 0, QR_ECLEVEL_M) : NULL;
    struct qr qr = { 0 };

    if (code)
        qr = (struct qr){ code->width, path_of(arena, code) };
    QRcode_free(code);
    return qr;
}
