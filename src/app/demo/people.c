#include "app/demo/people.h"

#include "app/demo/demo.h"
#include "base/arena.h"

const struct demo_compound demo_compounds[DEMO_COMPOUNDS] = {
    { STR_INIT("山水家园"), STR_INIT("山水家园物业"), 2, 3, 18, 32.0112, 112.1016 },
    { STR_INIT("湖景名居"), STR_INIT("湖景物业"), 2, 1, 15, 32.0133, 112.0987 },
    { STR_INIT("碧波苑"), STR_INIT("碧波物业"), 2, 7, 13, 32.0089, 112.1034 },
    { STR_INIT("滨湖花园"), STR_INIT("滨湖花园物业"), 2, 5, 14, 32.0121, 112.1052 },
    { STR_INIT("松涛里"), STR_INIT("松涛里物业"), 1, 10, 8, 32.0076, 112.0999 },
    { STR_INIT("檀溪人家"), STR_INIT("檀溪人家物业"), 1, 9, 9, 32.0101, 112.0971 },
    { STR_INIT("汉江明珠"), STR_INIT("汉江明珠物业"), 1, 11, 9, 32.0148, 112.1023 },
    { STR_INIT("荷塘雅居"), STR_INIT("荷塘物业"), 1, 12, 7, 32.0066, 112.1047 },
    { STR_INIT("隆中苑"), STR_INIT("隆中苑物业"), 1, 13, 7, 32.0157, 112.1002 },
};

static const char *const families[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱",
    "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于",
    "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
};
static const char *const male_names[] = {
    "伟",   "强",   "磊",   "军",   "勇",   "涛",   "明",   "超",
    "建国", "建军", "志强", "国庆", "文斌", "海涛", "俊杰", "浩然",
    "子轩", "宇航", "德明", "福生", "永康", "世荣", "家豪", "立新",
};
static const char *const female_names[] = {
    "芳",   "娜",   "敏",   "静",   "丽",   "艳",   "娟",   "霞",
    "秀英", "桂兰", "玉梅", "春燕", "雪梅", "晓红", "婷婷", "雨欣",
    "梓涵", "欣怡", "淑珍", "凤英", "美玲", "海燕", "佳怡", "慧敏",
};

#define PICK(dice, table) str_of((table)[dice_below((dice), COUNT(table))])

struct str demo_name(struct dice *dice, struct arena *arena, struct str family, bool male)
{
    struct str given = male ? PICK(dice, male_names) : PICK(dice, female_names);

    return str_fmt(arena, "%.*s%.*s", STR_ARG(family.at ? family : PICK(dice, families)),
                   STR_ARG(given));
}

struct str demo_grid(struct arena *arena, int grid)
{
    return str_fmt(arena, DEMO_COMMUNITY "%03d", grid);
}

/* GB 11643: 17 digits and their check, ISO 7064 MOD 11-2; odd is male. */
static struct str id_number(struct dice *dice, struct arena *arena, int year, int month,
                            int day, bool male)
{
    static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int              order = (int)dice_below(dice, 500) * 2 + male;
    struct str       head =
        str_fmt(arena, "%s%04d%02d%02d%03d", DEMO_COUNTY, year, month, day, order);
    int sum = 0;

    for (size_t i = 0; i < COUNT(weights); i++)
        sum += (head.at[i] - '0') * weights[i];
    return str_fmt(arena, "%.*s%c", STR_ARG(head), "10X98765432"[sum % 11]);
}

struct resident {
    struct str name, relation;
    int        born;
    bool       male;
};

static void put_text(struct json_out *out, const char *key, struct str text)
{
    json_key(out, str_of(key));
    json_text(out, text);
}

static void put_person(struct dice *dice, struct json_out *out, struct arena *arena,
                       struct resident r)
{
    int month = 1 + (int)dice_below(dice, 12), day = 1 + (int)dice_below(dice, 28);

    json_open(out, '{');
    put_text(out, "name", r.name);
    put_text(out, "sex", r.male ? STR("1") : STR("2"));
    put_text(out, "birth", str_fmt(arena, "%04d-%02d-%02d", r.born, month, day));
    put_text(out, "id_number", id_number(dice, arena, r.born, month, day, r.male));
    if (2026 - r.born >= 12)
        put_text(
            out, "phone",
            str_fmt(arena, "199%08llu", (unsigned long long)dice_below(dice, 100000000)));
    put_text(out, "relation", r.relation);
    json_close(out, '}');
}

/* A family by the age of its head: alone, a couple, with children, with parents. */
static int put_family(struct dice *dice, struct json_out *out, struct arena *arena,
                      struct str family, struct resident head)
{
    int  n = 1, head_born = head.born, age = 2026 - head_born;
    bool head_male = head.male;

    put_person(dice, out, arena, head);
    bool couple = dice_below(dice, 100) < (age > 75 ? 55 : age < 30 ? 35 : 85);
    if (couple) {
        put_person(dice, out, arena,
                   (struct resident){ demo_name(dice, arena, STR_NONE, !head_male),
                                      STR("1"), head_born + (int)dice_below(dice, 7) - 3,
                                      !head_male });
        n++;
    }
    int children = couple && age > 26 && age < 62 ? (int)dice_below(dice, 3) : 0;
    for (int i = 0; i < children; i++, n++) {
        bool male = dice_below(dice, 2);
        int  born = head_born + 24 + (int)dice_below(dice, 10);
        put_person(dice, out, arena,
                   (struct resident){ demo_name(dice, arena, family, male),
                                      male ? STR("2") : STR("3"), born > 2025 ? 2025 : born,
                                      male });
    }
    bool with_parents = couple && age > 28 && age < 58 && dice_below(dice, 100) < 40;
    if (with_parents) {
        bool male = dice_below(dice, 2);
        put_person(dice, out, arena,
                   (struct resident){
                       demo_name(dice, arena, male ? family : STR_NONE, male), STR("5"),
                       head_born - 22 - (int)dice_below(dice, 10), male });
        n++;
    }
    return n;
}

/* Those whom the stories know by name, at home in the first households. */
static const struct {
    const char *name;
    int         born, compound, grid;
    bool        male;
} known[] = {
    { "王芳", 1985, 0, 3, false },
    { "赵建国", 1958, 3, 5, true },
    { "李强", 1990, 2, 7, true },
    { "孙桂兰", 1946, 0, 3, false },
};

static int compound_of(struct dice *dice)
{
    int roll = (int)dice_below(dice, 100), i = 0;

    for (; i + 1 < DEMO_COMPOUNDS && roll >= demo_compounds[i].share; i++)
        roll -= demo_compounds[i].share;
    return i;
}

int demo_home(struct dice *dice, int i, struct json_out *out, struct arena *arena,
              struct str *head)
{
    bool                        named = (size_t)i < COUNT(known);
    struct str                  family = PICK(dice, families);
    const struct demo_compound *compound =
        &demo_compounds[named ? known[i].compound : compound_of(dice)];
    int grid =
        named ? known[i].grid
              : compound->first_grid + (int)dice_below(dice, (uint64_t)compound->grids);

    json_open(out, '{');
    put_text(out, "compound", compound->name);
    put_text(out, "building",
             str_fmt(arena, "%llu 栋", (unsigned long long)dice_below(dice, 18) + 1));
    put_text(out, "unit",
             str_fmt(arena, "%llu 单元", (unsigned long long)dice_below(dice, 4) + 1));
    put_text(out, "room",
             str_fmt(arena, "%llu%02llu", (unsigned long long)dice_below(dice, 18) + 1,
                     (unsigned long long)dice_below(dice, 4) + 1));
    put_text(out, "grid", demo_grid(arena, grid));
    json_key(out, STR("lat"));
    json_real(out, compound->lat + (double)dice_below(dice, 300) / 1e5);
    json_key(out, STR("lng"));
    json_real(out, compound->lng + (double)dice_below(dice, 300) / 1e5);
    json_key(out, STR("people"));
    json_open(out, '[');
    bool male = named ? known[i].male : dice_below(dice, 100) < 68;
    int  born = named ? known[i].born : 1938 + (int)dice_below(dice, 65);
    *head = named ? str_of(known[i].name) : demo_name(dice, arena, family, male);
    int n = put_family(dice, out, arena, family,
                       (struct resident){ *head, STR("0"), born, male });
    json_close(out, ']');
    json_close(out, '}');
    return n;
}
