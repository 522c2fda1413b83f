"""The application object that gunicorn serves."""

from bsm_alumni import create_app

app = create_app()
