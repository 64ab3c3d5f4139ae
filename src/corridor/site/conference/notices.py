"""What a conference tells people, each with the next thing to do."""

from django.utils.translation import gettext_lazy as _

from ..notices.kinds import kind

INVITED = kind("conference.invited", _("主办方邀请贵单位参加“%(title)s”。"), _("查看并报名"))
CANCELLED = kind("conference.cancelled", _("“%(title)s”已取消：%(reason)s"), _("查看大会"))
ASKED = kind(
    "conference.asked",
    _("有参会方约您在大会上洽谈“%(title)s”（%(ref)s），请在期限内答复。"),
    _("查看并答复"),
)
ARRANGED = kind(
    "conference.arranged",
    _("您在大会上新增一场洽谈：“%(title)s”（%(ref)s）。"),
    _("查看洽谈"),
)
EXPIRING = kind(
    "conference.expiring",
    _("“%(title)s”中的洽谈邀约 %(ref)s 将在 24 小时内到期，尚未答复。"),
    _("尽快答复"),
)
PLANNED = kind("conference.planned", _("“%(title)s”的洽谈日程已发布。"), _("查看我的日程"))
CHANGED = kind("conference.changed", _("您在“%(title)s”的日程有变动。"), _("查看新的日程"))
ENDED = kind(
    "conference.meeting_ended", _("“%(title)s”中的洽谈 %(ref)s 已取消。"), _("查看我的日程")
)
FREED = kind(
    "conference.freed",
    _("“%(title)s”有空出的桌位，您排队中的洽谈 %(ref)s 现在可以安排，先到先得。"),
    _("一键安排"),
)
TOMORROW = kind(
    "conference.tomorrow",
    _("“%(title)s”明天开始，地点：%(venue)s。"),
    _("查看我的日程和参会码"),
)
NO_MEETINGS = kind(
    "conference.no_meetings",
    _("您已报名“%(title)s”，还没有约定洽谈。"),
    _("看看可以约谁"),
)
READY = kind("conference.plan_ready", _("“%(title)s”的日程已排好，待发布。"), _("查看并发布"))
NOT_READY = kind(
    "conference.plan_failed", _("“%(title)s”的日程未能排出：%(reason)s"), _("查看原因")
)
