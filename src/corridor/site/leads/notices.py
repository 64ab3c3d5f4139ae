"""What officers are told about leads."""

from django.utils.translation import gettext_lazy as _

from ..notices.kinds import kind

RECEIVED = kind("lead.received", _("收到新线索 %(ref)s：%(company)s。"), _("联系企业"))
POOLED = kind("lead.pooled", _("线索 %(ref)s（%(company)s）没有意向城市。"), _("分派城市"))
ASSIGNED = kind(
    "lead.assigned", _("走廊办把线索 %(ref)s（%(company)s）分派给贵市。"), _("处理线索")
)
ALIKE = kind("lead.alike", _("另一城市收到与 %(ref)s 疑似重复的线索。"), _("查看首报时间"))
HELD = kind("lead.held", _("有 %(n)s 条待甄别线索超过时限。"), _("去甄别"))
PROPOSED = kind(
    "lead.proposed",
    _("另一城市请贵市接收线索 %(ref)s（%(company)s），考核分成 %(kept)s:%(given)s。"),
    _("同意或不同意"),
)
ACCEPTED = kind("lead.accepted", _("对方城市已接收线索 %(ref)s。"), _("查看流转记录"))
DECLINED = kind("lead.declined", _("对方城市没有接收线索 %(ref)s。"), _("继续跟进"))

#: By the name of the clock.
REMINDERS = {
    "contact": kind("lead.remind_contact", _("线索 %(ref)s 的首次联系即将到期。"), _("联系企业")),
    "judge": kind("lead.remind_judge", _("线索 %(ref)s 的研判即将到期。"), _("研判")),
    "answer": kind("lead.remind_answer", _("线索 %(ref)s 的答复即将到期。"), _("答复企业")),
    "progress": kind(
        "lead.remind_progress", _("线索 %(ref)s 的推进通报即将到期。"), _("通报推进情况")
    ),
}
OVERDUE = {
    "contact": kind("lead.over_contact", _("线索 %(ref)s 超过首次联系时限。"), _("联系企业")),
    "judge": kind("lead.over_judge", _("线索 %(ref)s 超过研判时限。"), _("研判")),
    "answer": kind("lead.over_answer", _("线索 %(ref)s 超过答复时限。"), _("答复企业")),
    "progress": kind("lead.over_progress", _("线索 %(ref)s 超过推进通报时限。"), _("通报推进情况")),
}
