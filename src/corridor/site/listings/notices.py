"""What people are told about listings, and what to do then."""

from django.utils.translation import gettext_lazy as _

from ..notices.kinds import kind

SUBMITTED = kind("listing.submitted", _("“%(title)s”（%(ref)s）待您审核"), _("去审核"))
PASSED_CITY = kind(
    "listing.passed_city", _("“%(title)s”已通过城市审核，等待走廊复核"), _("查看进度")
)
RETURNED = kind(
    "listing.returned", _("“%(title)s”被退回：%(reason)s"), _("修改后重新提交")
)  # fmt: skip
PUBLISHED = kind("listing.published", _("“%(title)s”已发布，到 %(day)s 为止"), _("查看"))
DRAFTED = kind(
    "listing.drafted", _("%(by)s为您起草了“%(title)s”，确认后才会提交"), _("核对并提交")
)  # fmt: skip
EXPIRING = kind("listing.expiring", _("“%(title)s”将于 %(day)s 到期"), _("一键续期"))
EXPIRED = kind("listing.expired", _("“%(title)s”已到期，不再参加匹配"), _("一键续期"))
HIDDEN = kind("listing.hidden", _("“%(title)s”已被下架：%(reason)s"), _("查看"))
RESTORED = kind("listing.restored", _("“%(title)s”已恢复发布：%(reason)s"), _("查看"))
IMPORTED = kind("listing.imported", _("%(party)s导入了 %(n)s 条供需，待您审核"), _("去审核"))
FOUND = kind("search.found", _("您保存的搜索“%(name)s”有 %(n)s 条新发布"), _("查看"))
REPORTED = kind("listing.reported", _("有人举报“%(title)s”，请在 2 天内处理"), _("去处理"))
