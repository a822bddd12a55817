#include "scene/pack.h"

#include "base/json.h"

const struct field pack_list_fields[PACK_LIST_NFIELDS] = {
    FIELD(struct pack_list, name, REQUIRED, .max = 64, .title = STR_INIT("列表的名称")),
    FIELD(struct pack_list, yaml, REQUIRED, .title = STR_INIT("列表的 YAML")),
};
static const struct field pack_fields[] = {
    FIELD(struct pack_args, yaml, REQUIRED),
    FIELD_LIST(struct pack_args, lists, struct pack_list, pack_list_fields,
               .max = SCENE_LISTS_MAX),
};

enum rc pack_of(struct arena *arena, const struct pack_args *args, int64_t version,
                struct scene_pack *pack)
{
    const struct pack_list *from = args->lists.at;
    struct scene_list      *lists = arena_many(arena, args->lists.n, struct scene_list);

    if (!lists)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < args->lists.n; i++)
        lists[i] = (struct scene_list){
            .name = from[i].name,
            .text = from[i].yaml,
            .file = str_fmt(arena, "%.*s.yaml", STR_ARG(from[i].name)),
        };
    *pack = (struct scene_pack){ .file = STR("scene.yaml"),
                                 .text = args->yaml,
                                 .lists = lists,
                                 .nlists = args->lists.n,
                                 .version = version };
    return RC_OK;
}

struct str pack_json(struct arena *arena, const struct pack_args *args)
{
    struct json_out out;

    json_out_init(&out, arena);
    json_struct(&out, pack_fields, COUNT(pack_fields), args);
    return json_done(&out);
}

enum rc pack_read(struct arena *arena, struct str body, int64_t version,
                  struct problems *problems, struct scene **scene)
{
    struct pack_args  args = { .yaml = STR_NONE };
    struct scene_pack pack;

    enum rc rc = json_read(arena, body, pack_fields, COUNT(pack_fields), &args, problems);
    if (rc == RC_OK)
        rc = pack_of(arena, &args, version, &pack);
    return rc == RC_OK ? scene_read(&pack, problems, scene) : rc;
}
