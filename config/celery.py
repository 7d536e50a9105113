"""The worker's application. The broker is a doorbell: what must happen is a row in the outbox."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yuzheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="effects")
app.autodiscover_tasks(related_name="schedule")
app.conf.beat_schedule = {
    "reconcile": {"task": "audit.reconcile", "schedule": 20.0, "options": {"expires": 20}},
    "publish-due": {"task": "cms.publish_due", "schedule": 60.0, "options": {"expires": 60}},
    "settle-due": {"task": "lms.settle_due", "schedule": crontab(hour=1, minute=40)},
    "remind": {"task": "lms.remind", "schedule": crontab(hour=7, minute=20)},
    "escalate": {"task": "lms.escalate", "schedule": crontab(hour=0, minute=50)},
    "verify-all": {"task": "config.verify_all", "schedule": crontab(hour=3, minute=10)},
}
