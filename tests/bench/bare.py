"""The same deployment without any middleware: what Django and the server cost alone."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()
settings.MIDDLEWARE = []  # after setup: allauth's check of the list is made there
application = WSGIHandler()
