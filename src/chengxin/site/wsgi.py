"""What a server runs: the site in the folder that `CHENGXIN_SITE` names, put right if a crash left something."""

from threading import Thread

from django.core.wsgi import get_wsgi_application

from chengxin.reports.seal import ready
from chengxin.site.folder import folder_here, open_site

open_site(folder_here())
from chengxin.site.store.checks import refuse_demo_left  # noqa: E402 - its models exist once the site is open

refuse_demo_left()
application = get_wsgi_application()
Thread(target=ready, daemon=True).start()  # it takes a second that no reader shall wait for
