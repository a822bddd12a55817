#include "app/demo/cases.h"

#include "base/lang.h"

#define M(category, what, place, answer, before, after)                                    \
    {                                                                                      \
        STR_INIT(category), STR_INIT(what), STR_INIT(place), STR_INIT(answer),             \
            STR_INIT(before), STR_INIT(after)                                              \
    }

const struct demo_mishap demo_mishaps[] = {
    M("积水管网", "小区北门雨篦子被树叶堵了，下雨路面积水。", "北门外，右侧车道边",
      "清了 3 个雨篦子，通水试过，不积水。", "drain-blocked", "drain-cleared"),
    M("积水管网", "雨水倒灌，一楼进水。家里有老人，请快点来人。", "2 栋 1 单元 101",
      "装了挡水板，疏通了管道，已经退水。", "drain-blocked", "drain-cleared"),
    M("积水管网", "地下车库坡道口排水沟盖板断了，水排不走。", "地下车库入口",
      "换了 4 块盖板，排水沟清淤完成。", "gate-road", "drain-cleared"),
    M("井盖缺失", "路口井盖松动，过车有响声，晚上很危险。", "滨湖路与檀溪路口",
      "换了新井盖，加了防响胶圈。", "manhole-open", "manhole-closed"),
    M("井盖缺失", "3 栋门口井盖裂了一半，小孩容易踩空。", "3 栋门口", "换了新井盖。",
      "manhole-open", "manhole-closed"),
    M("照明电路", "3 栋 2 单元楼道灯不亮，老人上楼看不见。", "3 栋 2 单元",
      "换了 5 盏声控灯，线路查过没有问题。", "dark-stairs", "gate-road"),
    M("照明电路", "中心花园路灯连着三盏不亮。", "中心花园",
      "控制箱跳闸，已修复，三盏都亮了。", "dark-stairs", "gate-road"),
    M("垃圾卫生", "垃圾亭外堆满了装修垃圾，味道很大。", "东门垃圾亭",
      "已清运，装修户已告知。", "rubbish", "gate-road"),
    M("垃圾卫生", "楼道里堆了旧家具，一个多月没人管。", "6 栋 1 单元 3 楼",
      "联系业主搬走了，楼道已清扫。", "rubbish", "gate-road"),
    M("垃圾卫生", "湖边绿化带里很多塑料袋和饭盒。", "湖边步道",
      "安排保洁清理，加了一个垃圾桶。", "rubbish", "gate-road"),
    M("占道停车", "消防通道被私家车堵住，救护车进不来。", "南门消防通道",
      "车已挪走，画了禁停线。", "gate-road", "gate-road"),
    M("占道停车", "北门车棚电动车乱停，推不出来。", "北门车棚",
      "清理了僵尸车 7 辆，重新划线。", "gate-road", "gate-road"),
    M("噪声扰民", "楼上半夜拖桌椅，请社区调解。", "4 栋 2 单元 602",
      "上门调解，双方同意晚上 10 点后不挪家具。", "gate-road", "gate-road"),
    M("噪声扰民", "广场舞音响太大，孩子写不了作业。", "中心广场",
      "约定晚上 8 点半结束，音量贴了线。", "gate-road", "gate-road"),
    M("安全隐患", "外墙瓷砖脱落，砸到过楼下的车。", "1 栋西侧",
      "拉了警戒线，松动的瓷砖已敲掉，报了维修计划。", "gate-road", "gate-road"),
    M("安全隐患", "儿童滑梯螺丝外露，刮破了孩子的手。", "中庭儿童乐园",
      "螺丝已换，加了护帽。", "gate-road", "gate-road"),
    M("安全隐患", "有人在楼道里给电动车充电，拉了长线。", "9 栋 1 单元",
      "已劝离，教了用充电棚，楼道装了提示牌。", "dark-stairs", "gate-road"),
    M("电梯", "电梯有异响，老人不敢坐。", "12 栋电梯", "维保换了导靴，检测合格，恢复使用。",
      "dark-stairs", "gate-road"),
    M("市容环境", "烧烤摊油烟直排到住户窗下。", "檀溪路 42 号",
      "摊位已规范，装了油烟净化器。", "rubbish", "gate-road"),
    M("市容环境", "单元门口贴满了小广告。", "5 栋各单元", "已清理，加了公告栏。",
      "gate-road", "gate-road"),
    M("燃气", "楼道里有股煤气味，说不清从哪来。", "7 栋 3 单元",
      "查到一户软管老化，已换，复测正常。", "dark-stairs", "gate-road"),
    M("供水", "水压小，五楼以上洗不了澡。", "8 栋", "泵房减压阀坏了，已更换，水压恢复。",
      "gate-road", "gate-road"),
    M("治安", "地下车库有人撬车窗。", "地下二层 B 区", "民警已到场，补了两个监控盲区。",
      "dark-stairs", "gate-road"),
    M("其他", "快递柜占了半边人行道，轮椅过不去。", "西门外",
      "和快递公司谈好，柜子往里移了 1 米。", "gate-road", "gate-road"),
};
const size_t demo_nmishaps = COUNT(demo_mishaps);
