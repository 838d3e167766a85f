"""Every table. Whoever opens or migrates a database imports this first: a foreign key would point nowhere."""

from sqlmodel import SQLModel

from models import asking as asking
from models import audit as audit
from models import clusters as clusters
from models import disposal as disposal
from models import heard as heard
from models import importing as importing
from models import jobs as jobs
from models import orders as orders
from models import proposals as proposals
from models import shelf as shelf
from models import stuga_day as stuga_day
from models import stuga_feed as stuga_feed
from models import summary as summary
from models import tally as tally

ALL = SQLModel.metadata
