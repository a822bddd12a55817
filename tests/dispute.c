#include "dispute.h"

#include "base/json.h"
#include "files.h"
#include "town_cases.h"

void dispute_town(struct town *t, void **state)
{
    town_open(t, state);
    town_load_text(t, test_file(&t->arena, STR("scenes/dispute/scene.yaml")),
                   (const char *const[]){ "duties", NULL });
    town_employ(t, "luting", "卢婷", "调解员", "handler", TOWN_COMMUNITY);
    town_employ(t, "caoyong", "曹勇", "街道调解", "handler", TOWN_STREET);
    town_employ(t, "faraway", "远方", "街道调解", "handler", "420602002");
}

int64_t dispute_case(struct town *t, const char *login)
{
    struct asking got = town_ask(
        t, login, "case.open",
        "{\"scene\":\"dispute\",\"kind\":\"dispute\",\"fields\":{\"category\":\"邻里\","
        "\"danger\":false,\"persons\":2,\"what\":\"楼上漏水泡了楼下的天花板\","
        "\"parties\":\"张三和李四\",\"contact\":\"13712345520\",\"where\":{\"lat\":32.0103,"
        "\"lng\":112.1201,\"source\":\"gps\",\"words\":\"3 栋门口\",\"area\":\"" TOWN_GRID
        "\"}}}");

    CHECK_INT(town_must(got), RC_OK);
    return town_id(t, &got, "id");
}
