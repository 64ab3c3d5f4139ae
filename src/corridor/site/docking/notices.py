"""What docking tells people, each with the next thing to do."""

from django.utils.translation import gettext_lazy as _

from ..notices.kinds import kind

MATCHES = kind(
    "docking.matches", _("“%(title)s”等信息有 %(count)s 条新匹配。"), _("查看匹配理由，发起对接")
)
ASKED = kind(
    "docking.asked",
    _("有主体就“%(title)s”发起对接意向（%(ref)s），请在 14 天内答复。"),
    _("查看并答复"),
)
ACCEPTED = kind(
    "docking.accepted",
    _("对接意向 %(ref)s（“%(title)s”）已被接受，双方联系方式可以查看。"),
    _("查看联系方式，约定洽谈"),
)
DECLINED = kind(
    "docking.declined", _("对接意向 %(ref)s（“%(title)s”）被婉拒。"), _("查看原因，另找对接方")
)
WITHDRAWN = kind(
    "docking.withdrawn", _("对接意向 %(ref)s（“%(title)s”）已由发起方撤回。"), _("查看对接意向")
)
EXPIRING = kind(
    "docking.expiring",
    _("对接意向 %(ref)s（“%(title)s”）还有 %(days)s 天到期，尚未答复。"),
    _("尽快答复"),
)
UNANSWERED = kind(
    "docking.unanswered",
    _("本市主体的对接意向 %(ref)s（“%(title)s”）还有 %(days)s 天到期，尚未答复。"),
    _("提醒或协调"),
)
EXPIRED = kind(
    "docking.expired",
    _("对接意向 %(ref)s（“%(title)s”）未在期限内答复，已过期。"),
    _("查看其他匹配"),
)
MESSAGE = kind("docking.message", _("对接意向 %(ref)s（“%(title)s”）有新留言。"), _("查看并回复"))
REMINDED = kind(
    "docking.reminded",
    _("顾问提醒：对接意向 %(ref)s（“%(title)s”）等待您处理。"),
    _("查看并处理"),
)
OUTCOME = kind(
    "docking.outcome", _("对方登记了对接意向 %(ref)s（“%(title)s”）的结果。"), _("核对并登记结果")
)
CONSENT = kind(
    "docking.consent",
    _("对方撤回了对接意向 %(ref)s（“%(title)s”）的联系方式授权，联系方式不再展示。"),
    _("留言沟通"),
)
AGREED_AGAIN = kind(
    "docking.agreed_again",
    _("对方重新同意就对接意向 %(ref)s（“%(title)s”）提供联系方式。"),
    _("查看联系方式"),
)
