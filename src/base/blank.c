#include "base/blank.h"

struct blank blank_next(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '{')
            for (size_t j = i + 1; j < text.len; j++)
                if (text.at[j] == '}')
                    return (struct blank){ str_slice(text.at, i),
                                           str_slice(text.at + i + 1, j - i - 1),
                                           str_slice(text.at + j + 1, text.len - j - 1) };
    return (struct blank){ text, STR_NONE, STR_NONE };
}
