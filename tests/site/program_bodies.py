"""What programs send, and what they are answered."""

from __future__ import annotations

import re
from typing import Any

from cast import SUZHOU
from program import Answer

NEED: dict[str, Any] = {
    "side": "need",
    "kind": "space",
    "title": "求租带行车的单层厂房",
    "text": "八米以上净高，靠近高速口。电话 13900001111。",
    "city": SUZHOU,
    "values": {"area": "3000-5000㎡", "premises": "单层厂房"},
    "contact_name": "王小明",
    "contact_phone": "13800001234",
}

OFFER = NEED | {
    "side": "offer",
    "title": "单层厂房出租",
    "city": "340100",
    "values": {"area": 6000, "premises": ["single"]},
    "contact_phone": "13700004321",
}

LEAD = {
    "need": "想找五千平米厂房，手机 13600007777",
    "company": "苏州测试装备有限公司",
    "contact_name": "李四",
    "phone": "136 0000 8888",
    "wish": SUZHOU,
    "tax": "300万",
    "agreed": True,
}

RAW_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def refused(answer: Answer, status: int, code: str) -> Answer:
    """The answer, once it is known to be a problem in the documented shape."""
    assert answer.status == status, answer
    assert set(answer.json) == {"code", "message", "fields"}, answer
    assert answer.json["code"] == code, answer
    assert answer.json["message"], answer
    return answer
