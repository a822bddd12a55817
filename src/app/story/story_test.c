#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/story/folder.h"
#include "app/story/parse.h"
#include "app/story/photo.h"
#include "base/arena.h"

static struct {
    struct arena    arena;
    struct problems problems;
    struct story    story;
} told;

static enum rc parse(const char *text)
{
    arena_free(&told.arena);
    arena_init(&told.arena, 16 << 20);
    problems_init(&told.problems, &told.arena);
    return story_parse(&told.arena, STR("x.story"), str_of(text), &told.story,
                       &told.problems);
}

/* The only step of a story with this sentence. */
static const struct story_step *step(const char *sentence)
{
    static char text[2000];

    (void)snprintf(text, sizeof text, "场景：随手拍\n%s\n", sentence);
    if (parse(text) != RC_OK)
        fail_msg("%s: %.*s", sentence, STR_ARG(told.problems.first->says));
    CHECK_INT(told.story.n, 1);
    return &told.story.steps[0];
}

static void refuse(const char *sentence, int64_t column, const char *says)
{
    static char text[2000];

    (void)snprintf(text, sizeof text, "场景：随手拍\n%s\n", sentence);
    CHECK_INT(parse(text), RC_INVALID);
    if (!str_has(told.problems.first->says, str_of(says)))
        fail_msg("%s: %.*s", sentence, STR_ARG(told.problems.first->says));
    CHECK_INT(told.problems.first->line, 2);
    if (told.problems.first->column != column)
        fail_msg("%s: column %d", sentence, (int)told.problems.first->column);
}

TEST(a_story_has_a_title_a_scene_and_sentences_with_their_lines)
{
    CHECK_INT(parse("# 说明\r\n故事：井盖 松了\r\n场景：随手拍\r\n\r\n  假如 王芳\r\n  "
                    "并且 刘敏\r\n当 过了 1 天\r\n"),
              RC_OK);
    CHECK_TEXT(told.story.title, STR("井盖 松了"));
    CHECK_TEXT(told.story.scene, STR("随手拍"));
    CHECK_INT(told.story.n, 3);
    CHECK_INT(told.story.steps[1].line, 6);
    CHECK_TEXT(told.story.steps[1].text, STR("并且 刘敏"));
    CHECK_INT(told.story.steps[2].verb, STEP_PASS);
}

TEST(people_are_introduced)
{
    const struct story_step *s = step("假如 王芳 是滨湖社区的居民");

    CHECK_INT(s->verb, STEP_PERSON);
    CHECK_TEXT(s->who, STR("王芳"));
    CHECK_TEXT(s->value, STR("滨湖社区的居民"));
    CHECK_TEXT(step("given 王芳 is 居民")->value, STR("居民"));
    CHECK(!step("假如 王芳")->value.len);
}

TEST(a_report_has_its_fields)
{
    const struct story_act *a = &step("当 王芳 报 身边问题：类别=井盖缺失，情况=“3 "
                                      "栋，门口”，位置=32.0103,112.1201 3 栋，"
                                      "照片=1 张，记作 井盖")
                                     ->acts[0];

    CHECK_INT(a->makes, THING_CASE);
    CHECK_TEXT(a->who, STR("王芳"));
    CHECK_TEXT(a->what, STR("身边问题"));
    CHECK_TEXT(a->label, STR("井盖"));
    CHECK_INT(a->npairs, 4);
    CHECK_TEXT(a->pairs[0].name, STR("类别"));
    CHECK_TEXT(a->pairs[0].value, STR("井盖缺失"));
    CHECK_TEXT(a->pairs[1].value, STR("3 栋，门口"));
    CHECK_TEXT(a->pairs[2].value, STR("32.0103,112.1201 3 栋"));
    CHECK_TEXT(a->pairs[3].value, STR("1 张"));
    a = &step("when 王芳 reports: category=电梯, what=停了，很久, photos=2")->acts[0];
    CHECK(!a->what.len);
    CHECK_TEXT(a->pairs[1].value, STR("停了，很久"));
}

TEST(a_comma_belongs_to_the_text_unless_something_begins_behind_it)
{
    const struct story_act *a =
        &step("当 王芳 报：情况=松了，一过车就响，很吵, 类别＝其他")->acts[0];

    CHECK_INT(a->npairs, 2);
    CHECK_TEXT(a->pairs[0].value, STR("松了，一过车就响，很吵"));
    CHECK_TEXT(step("当 王芳 报：情况=“3 栋”门口")->acts[0].pairs[0].value,
               STR("“3 栋”门口"));
}

TEST(moves_name_a_case_a_target_and_what_they_need)
{
    const struct story_act *a =
        &step("当 周岚 把 井盖 派单 给 檀溪街道 街道值守：说明=请看一下")->acts[0];

    CHECK(!a->makes);
    CHECK_TEXT(a->about, STR("井盖"));
    CHECK_TEXT(a->what, STR("派单"));
    CHECK_TEXT(a->target, STR("檀溪街道 街道值守"));
    CHECK_TEXT(a->pairs[0].value, STR("请看一下"));
    a = &step("当 周岚 把 办件 受理")->acts[0];
    CHECK(!a->about.at);
    CHECK_TEXT(step("当 周岚 “报 送”")->acts[0].what, STR("报 送"));
    CHECK_TEXT(step("when 周岚 on 井盖 dispatch to 刘敏")->acts[0].target, STR("刘敏"));
}

TEST(notices_are_sent_and_appointments_are_booked)
{
    const struct story_act *a =
        &step("当 周岚 发 通知：标题=停水，回执=点已阅，记作 停水")->acts[0];

    CHECK_INT(a->makes, THING_NOTICE);
    CHECK_TEXT(a->label, STR("停水"));
    CHECK_TEXT(a->pairs[1].value, STR("点已阅"));
    a = &step("when 王芳 books 便民服务中心窗口: for=居住证明, at=明天 9:10")->acts[0];
    CHECK_INT(a->makes, THING_APPOINTMENT);
    CHECK_TEXT(a->what, STR("便民服务中心窗口"));
    a = &step("当 孙丽 把 通知 同意发出")->acts[0];
    CHECK(!a->makes);
    CHECK_TEXT(a->about, STR("通知"));
    CHECK_TEXT(step("那么 停水 的 已读 是 1")->about, STR("停水"));
}

TEST(a_moment_is_of_today_unless_it_says_more)
{
    struct story_moment moment;

    (void)parse("场景：随手拍\n");
    CHECK(story_moment_read(&told.arena, STR("9:05"), &moment));
    CHECK(moment.day == DAY_TODAY && moment.minute == 545);
    CHECK(story_moment_read(&told.arena, STR("明天 9：05"), &moment));
    CHECK(moment.day == DAY_TOMORROW && moment.minute == 545);
    CHECK(story_moment_read(&told.arena, STR("2026-11-24 8:30"), &moment));
    CHECK(moment.day == DAY_DATE && moment.mday == 24 && moment.minute == 510);
    CHECK(!story_moment_read(&told.arena, STR("九点"), &moment));
    CHECK(!story_moment_read(&told.arena, STR("9:05 左右"), &moment));
    CHECK(!story_moment_read(&told.arena, STR("明天 24:00"), &moment));
    CHECK(!story_moment_read(&told.arena, STR(""), &moment));
    CHECK_INT(told.problems.n, 0);
}

TEST(several_act_at_once)
{
    const struct story_step *s =
        step("当 周岚 受理；同时 孙丽 派单 给 刘敏：说明=去看，快；同时 刘敏 受理");

    CHECK_INT(s->nacts, 3);
    CHECK_TEXT(s->acts[1].who, STR("孙丽"));
    CHECK_TEXT(s->acts[1].pairs[0].value, STR("去看，快"));
    CHECK_TEXT(s->acts[2].what, STR("受理"));
}

TEST(refusals_may_say_why)
{
    const struct story_step *s = step("那么 王芳 不能 受理");

    CHECK_INT(s->verb, STEP_REFUSED);
    CHECK_TEXT(s->acts[0].who, STR("王芳"));
    CHECK_INT(s->code, 0);
    s = step("那么 王芳 不能 报 身边问题：类别=火情，情况=冒烟，因为 422 “119”");
    CHECK_INT(s->code, 422);
    CHECK_TEXT(s->because, STR("119"));
    CHECK_INT(s->acts[0].npairs, 2);
    CHECK_TEXT(step("那么 王芳 不能 受理，因为 不归您管")->because, STR("不归您管"));
    CHECK_INT(step("then 王芳 cannot accept, because 403")->code, 403);
}

TEST(facts_flags_and_states_are_expected)
{
    const struct story_step *s = step("那么 办件 在 待受理");

    CHECK(s->verb == STEP_FACT && s->whole && !s->not &&!s->about.at);
    CHECK_TEXT(s->fact, STR("状态"));
    CHECK_TEXT(s->value, STR("待受理"));
    s = step("那么 井盖 的 承办方 不含 刘敏 周岚");
    CHECK(s->not &&!s->whole);
    CHECK_TEXT(s->about, STR("井盖"));
    CHECK_TEXT(s->value, STR("刘敏 周岚"));
    s = step("那么 承办方 是刘敏");
    CHECK(s->whole && !s->about.at && !s->who.at);
    s = step("那么 刘敏 看到 电话 是 “137****5520”");
    CHECK_TEXT(s->who, STR("刘敏"));
    CHECK_TEXT(s->value, STR("137****5520"));
    CHECK_TEXT(step("那么 刘敏 看到 井盖 在 处置中")->about, STR("井盖"));
    CHECK_INT(step("那么 办件 已督办")->verb, STEP_FLAG);
    CHECK(step("那么 办件 没有督办")->flag != step("那么 井盖 已督办")->flag);
    CHECK_INT(step("then the case in closed")->verb, STEP_FACT);
}

TEST(what_people_see_hear_and_may_is_expected)
{
    CHECK_INT(step("那么 陈涛 看不到 办件")->verb, STEP_SEEN);
    CHECK(step("那么 陈涛 看不到 办件")->not );
    CHECK_INT(step("那么 孙丽 看到 井盖")->verb, STEP_SEEN);
    CHECK_TEXT(step("那么 孙丽 看到 井盖")->about, STR("井盖"));
    CHECK_INT(step("那么 周岚 的清单有 办件")->verb, STEP_LISTED);
    CHECK(step("那么 马丽 的清单没有 办件")->not );
    CHECK_INT(step("那么 王芳 收到消息 含 “已受理”")->verb, STEP_MESSAGE);
    CHECK_TEXT(step("那么 王芳 收到消息“已受理”")->value, STR("已受理"));
    CHECK(step("那么 王芳 没有收到消息")->not );
    CHECK_TEXT(step("那么 周岚 能 受理")->acts[0].what, STR("受理"));
    CHECK_INT(step("那么 只有一人 办成")->verb, STEP_ONE_DONE);
    CHECK_INT(step("那么 没办成的人 知道是谁办的")->verb, STEP_TOLD_WHO);
}

TEST(time_goes_by_and_is_set)
{
    CHECK_INT(step("当 过了 2 天 3小时 30 分钟")->for_ms, ((2 * 24 + 3) * 60 + 30) * 60000);
    CHECK_INT(step("当 时间过去 3 小时")->for_ms, 3 * 3600000);
    CHECK_INT(step("当 过了 2 分钟 30 秒")->for_ms, 150000);
    CHECK_INT(step("when after 90 min")->for_ms, 90 * 60000);
    const struct story_step *s = step("假如 时间 是 下一个工作日 9：05");
    CHECK(s->verb == STEP_TIME && s->moment.day == DAY_WORKDAY && s->moment.minute == 545);
    s = step("当 时间 到 2026-11-23 18:00");
    CHECK(s->moment.day == DAY_DATE && s->moment.year == 2026 && s->moment.month == 11 &&
          s->moment.mday == 23 && s->moment.minute == 1080);
    CHECK(step("假如 时间是 下一个星期一 9:00")->moment.day == DAY_MONDAY);
    CHECK(step("given time is tomorrow 8:30")->moment.day == DAY_TOMORROW);
}

TEST(a_story_may_be_told_in_english_words)
{
    CHECK_INT(
        parse("story: a lamp\nscene: snap\n"
              "given time is next working day 9:00\n"
              "when 王芳 reports 身边问题: category=照明电路, what=路灯不亮, as lamp\n"
              "then lamp in 待受理\nand 周岚 can accept\nbut 王芳 cannot accept, because "
              "403\n"
              "and 刘敏 does not see lamp\nand 周岚 gets message “lamp”\n"
              "when 周岚 on lamp dispatch to 刘敏; meanwhile 孙丽 on lamp accept\n"
              "then only one succeeds\nand lamp of holder is not 周岚\n"),
        RC_OK);
    const enum story_verb verbs[] = { STEP_TIME,     STEP_DO,   STEP_FACT,    STEP_MAY,
                                      STEP_REFUSED,  STEP_SEEN, STEP_MESSAGE, STEP_DO,
                                      STEP_ONE_DONE, STEP_FACT };
    CHECK_INT(told.story.n, COUNT(verbs));
    for (size_t i = 0; i < COUNT(verbs); i++)
        CHECK_INT(told.story.steps[i].verb, verbs[i]);
    CHECK_TEXT(told.story.steps[1].acts[0].label, STR("lamp"));
    CHECK_TEXT(told.story.steps[9].fact, STR("holder"));
}

TEST(bad_sentences_are_told_with_their_place)
{
    refuse("王芳 受理", 1, "开头");
    refuse("并且 王芳", 3, "第一句不能用");
    refuse("当", 2, "“当”后面应当是谁做什么");
    refuse("当 王芳", 5, "要做的事");
    refuse("当 王芳 报 身边问题 类别=其他", 13, "多出了文字");
    refuse("当 王芳 报 身边问题：类别 其他", 15, "应当是“=”");
    refuse("当 王芳 报 身边问题：类别=“其他", 16, "引号只有一半");
    refuse("当 周岚 派单 给 ：说明=x", 11, "交给谁");
    refuse("当 周岚 受理，因为 403", 9, "逗号后面");
    refuse("当 周岚 受理，记作 甲", 9, "逗号后面");
    refuse("当 过了 三小时", 6, "过了多久");
    refuse("当 过了 3 星期", 7, "过了多久");
    refuse("假如 时间 是 明天", 11, "这里应当是时间");
    refuse("假如 时间 是 2026-13-01 9:00", 19, "这里应当是时间");
    refuse("那么 办件", 6, "没看懂");
    refuse("那么 办件 受理", 6, "没看懂");
    refuse("那么 办件 在", 8, "应当是状态");
    refuse("那么 承办方 是", 9, "应当写是什么");
    refuse("那么 周岚 受理 了", 6, "没看懂");
    refuse("那么 只有一人办成 吗", 11, "多出了文字");
}

TEST(every_mistake_of_a_story_is_told)
{
    CHECK_INT(parse("故事\n当 王芳\n随便\n当 周岚 受理\n"), RC_INVALID);
    CHECK_INT(told.problems.n, 4); /* and that no scene is named */
    CHECK_INT(parse("场景：x\n\xff\n"), RC_INVALID);
    CHECK_TEXT(told.problems.first->says, STR("文件不是 UTF-8 编码。"));
}

TEST(photos_are_pictures_and_differ)
{
    (void)parse("场景：随手拍\n");
    struct str one = story_photo(&told.arena, 1), two = story_photo(&told.arena, 2);

    CHECK(str_starts(one, STR("\x89PNG\r\n\x1a\n")) && one.len > 200000);
    CHECK(one.len == two.len && !str_eq(one, two));
    CHECK(str_ends(one, STR("IEND\xae\x42\x60\x82"))); /* the checksum everybody knows */
}

TEST(a_folder_is_copied_with_its_rights_and_removed)
{
    char from[STORY_PATH_MAX], to[STORY_PATH_MAX], path[STORY_PATH_MAX + 16], text[4] = "";
    struct stat about;

    CHECK(folder_make(from) && folder_make(to) && strcmp(from, to) != 0);
    (void)snprintf(path, sizeof path, "%s/keys", from);
    CHECK_INT(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/keys/one", from);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    CHECK_INT(write(fd, "abc", 3), 3);
    CHECK_INT(close(fd), 0);

    CHECK(folder_copy(from, to));
    CHECK(!folder_copy(from, to)); /* nothing is overwritten */
    (void)snprintf(path, sizeof path, "%s/keys/one", to);
    fd = open(path, O_RDONLY);
    CHECK(fd >= 0 && fstat(fd, &about) == 0 && (about.st_mode & 0777) == 0600);
    CHECK_INT(read(fd, text, sizeof text), 3);
    CHECK(memcmp(text, "abc", 3) == 0);
    CHECK_INT(close(fd), 0);
    folder_remove(from);
    folder_remove(to);
    CHECK(stat(from, &about) != 0 && stat(to, &about) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story_has_a_title_a_scene_and_sentences_with_their_lines),
        cmocka_unit_test(people_are_introduced),
        cmocka_unit_test(a_report_has_its_fields),
        cmocka_unit_test(a_comma_belongs_to_the_text_unless_something_begins_behind_it),
        cmocka_unit_test(moves_name_a_case_a_target_and_what_they_need),
        cmocka_unit_test(notices_are_sent_and_appointments_are_booked),
        cmocka_unit_test(a_moment_is_of_today_unless_it_says_more),
        cmocka_unit_test(several_act_at_once),
        cmocka_unit_test(refusals_may_say_why),
        cmocka_unit_test(facts_flags_and_states_are_expected),
        cmocka_unit_test(what_people_see_hear_and_may_is_expected),
        cmocka_unit_test(time_goes_by_and_is_set),
        cmocka_unit_test(a_story_may_be_told_in_english_words),
        cmocka_unit_test(bad_sentences_are_told_with_their_place),
        cmocka_unit_test(every_mistake_of_a_story_is_told),
        cmocka_unit_test(photos_are_pictures_and_differ),
        cmocka_unit_test(a_folder_is_copied_with_its_rights_and_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
