"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "administration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("emergency_number", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
        sa.UniqueConstraint("key", name=op.f("uq_administration_key")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=400), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.String(length=8000), nullable=False),
        sa.Column("after", sa.String(length=8000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "disposal",
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run", "step", name=op.f("pk_disposal")),
    )
    op.create_table(
        "erasure",
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "what",
            sa.Enum("person", "question", "line", name="what", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_at"), ["at"], unique=False)

    op.create_table(
        "heard",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_heard")),
    )
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heard_at"), ["at"], unique=False)

    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.String(length=60), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_job_run")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_user_id", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("picture_url", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "personal", "shared_device", name="personkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("chat_channel_id", sa.String(length=40), nullable=True),
        sa.Column("profile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('sv', 'en')", name=op.f("ck_person_language_is_ours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("chat_user_id", name=op.f("uq_person_chat_user_id")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(length=3000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_shelf_one_shelf")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf")),
    )
    op.create_table(
        "stuga",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tools", sa.String(length=400), nullable=False),
        sa.Column("departments", sa.String(length=400), nullable=False),
        sa.Column("for_night", sa.Boolean(), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("way_in", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.String(length=8), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "planned", "ended", "cancelled", name="stage", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("own_staff", sa.Boolean(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column(
            "next_step",
            sa.Enum(
                "agenda",
                "morning",
                "soon",
                "end",
                name="stugastep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stage = 'planned') = (closed_at IS NULL)", name=op.f("ck_stuga_what_is_over_has_a_time")),
        sa.CheckConstraint(
            "(stage = 'planned') = (next_at IS NOT NULL)", name=op.f("ck_stuga_planned_has_a_next_step")
        ),
        sa.CheckConstraint("(next_at IS NULL) = (next_step IS NULL)", name=op.f("ck_stuga_next_at_with_next_step")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_stuga_ends_after_it_starts")),
        sa.CheckConstraint("heads >= 0", name=op.f("ck_stuga_nobody_less_than_nobody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuga")),
        sa.UniqueConstraint("series", "slot", name=op.f("uq_stuga_series_slot")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("stuga", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stuga_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stuga_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "stuga_feed",
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.Column("tail", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_stuga_feed")),
        sa.UniqueConstraint("tail", name=op.f("uq_stuga_feed_tail")),
    )
    op.create_table(
        "stuga_series",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tools", sa.String(length=400), nullable=False),
        sa.Column("departments", sa.String(length=400), nullable=False),
        sa.Column("for_night", sa.Boolean(), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("way_in", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "day",
            sa.Enum(
                "mon",
                "tue",
                "wed",
                "thu",
                "fri",
                "sat",
                "sun",
                name="weekday",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.Column("pauses", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("opens < closes", name=op.f("ck_stuga_series_opens_before_it_closes")),
        sa.CheckConstraint("weeks BETWEEN 1 AND 4", name=op.f("ck_stuga_series_comes_often_enough")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuga_series")),
        sa.UniqueConstraint("key", "starts_on", name=op.f("uq_stuga_series_key_starts_on")),
    )
    op.create_table(
        "summary_picture",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("file_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_summary_picture")),
    )
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "unit",
                "department",
                "administration",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("above_id", sa.Integer(), nullable=True),
        sa.Column(
            "span",
            sa.Enum(
                "week", "month", "quarter", "year", name="span", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "total",
                "open",
                "oldest",
                "closed",
                "tool",
                "kind",
                "solved",
                "sessions",
                "heads",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column(
            "shows",
            sa.Enum("nothing", "part", "whole", name="shows", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_tally_counts_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.UniqueConstraint(
            "span",
            "first",
            "late",
            "scope",
            "scope_id",
            "dimension",
            "key",
            name=op.f("uq_tally_span_first_late_scope_scope_id_dimension_key"),
        ),
    )
    op.create_table(
        "tally_period",
        sa.Column(
            "span",
            sa.Enum(
                "week", "month", "quarter", "year", name="span", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("span", "first", "late", name=op.f("pk_tally_period")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(length=1500), nullable=False),
        sa.Column("question_en", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.String(length=1500), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                "withdrawn",
                "merged",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("medication", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "look_why",
            sa.Enum(
                "new",
                "second",
                "joined",
                "source_gone",
                "no_help",
                "due",
                name="why",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("in_vain", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_answer_merged_into_another")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR (author_id IS NOT NULL AND review_on IS NOT NULL)",
            name=op.f("ck_answer_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR (question <> '' AND text <> '')", name=op.f("ck_answer_approved_has_words")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR NOT medication OR first_by_id IS NOT NULL",
            name=op.f("ck_answer_medication_takes_two"),
        ),
        sa.CheckConstraint(
            "(author_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_answer_author_id_with_approved_at")
        ),
        sa.CheckConstraint("(look_at IS NULL) = (look_why IS NULL)", name=op.f("ck_answer_looked_at_for_a_reason")),
        sa.CheckConstraint(
            "first_by_id IS NULL OR author_id IS NULL OR first_by_id <> author_id",
            name=op.f("ck_answer_two_are_not_one"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_answer_author_id_person")),
        sa.ForeignKeyConstraint(["first_by_id"], ["person.id"], name=op.f("fk_answer_first_by_id_person")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["answer.id"], name=op.f("fk_answer_merged_into_id_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_first_by_id"), ["first_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_tool"), ["tool"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "access",
                "handling",
                "fault",
                "routine",
                "equipment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(length=80), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at IS NULL)", name=op.f("ck_cluster_answered_by_id_with_answered_at")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_cluster_answered_by_id_person")),
        sa.ForeignKeyConstraint(["expert_id"], ["person.id"], name=op.f("fk_cluster_expert_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cluster_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(
            "uq_cluster_alive",
            ["tool", "kind"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("administration_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_department_administration_id_administration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("key", name=op.f("uq_department_key")),
    )
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_department_administration_id"), ["administration_id"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_at > starts_at", name=op.f("ck_duty_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_person_id"), ["person_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=120), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "sent",
                "unchanged",
                "dropped",
                "given_up",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name=op.f("ck_letter_done_at_with_outcome")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_letter_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        sa.UniqueConstraint("mark", name=op.f("uq_letter_mark")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_done_at"), ["done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_place"), ["place"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_to_id"), ["to_id"], unique=False)
        batch_op.create_index(
            "ix_letter_waiting",
            ["to_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "outage",
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column("departments", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (next_at IS NOT NULL)", name=op.f("ck_outage_up_has_a_next_step")),
        sa.CheckConstraint("ended_by_id IS NULL OR ended_at IS NOT NULL", name=op.f("ck_outage_ended_by_somebody")),
        sa.CheckConstraint("ends_at > put_up_at", name=op.f("ck_outage_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_outage_by_id_person")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_outage_ended_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outage_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outage_ended_by_id"), ["ended_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outage_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outage_put_up_at"), ["put_up_at"], unique=False)
        batch_op.create_index(
            "uq_outage_up",
            ["tool", "departments"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column(
            "day",
            sa.Enum(
                "mon",
                "tue",
                "wed",
                "thu",
                "fri",
                "sat",
                "sun",
                name="weekday",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.CheckConstraint("opens <> closes", name=op.f("ck_pattern_two_times")),
        sa.CheckConstraint("week BETWEEN 1 AND weeks AND weeks <= 10", name=op.f("ck_pattern_week_of_its_cycle")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pattern_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern")),
    )
    with op.batch_alter_table("pattern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pattern_person_id"), ["person_id"], unique=False)

    op.create_table(
        "posted",
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=30), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_posted_to_id_person")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_posted")),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_posted_channel_ts")),
    )
    with op.batch_alter_table("posted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_to_id"), ["to_id"], unique=False)

    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until_at > starts_at", name=op.f("ck_shift_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shift_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_until_at"), ["until_at"], unique=False)

    op.create_table(
        "stuga_staff",
        sa.Column("stuga_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("host", "helper", name="part", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stuga_staff_person_id_person")),
        sa.ForeignKeyConstraint(["stuga_id"], ["stuga.id"], name=op.f("fk_stuga_staff_stuga_id_stuga")),
        sa.PrimaryKeyConstraint("stuga_id", "person_id", name=op.f("pk_stuga_staff")),
    )
    with op.batch_alter_table("stuga_staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stuga_staff_person_id"), ["person_id"], unique=False)

    op.create_table(
        "stuga_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("host", "helper", name="part", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stuga_turn_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuga_turn")),
    )
    with op.batch_alter_table("stuga_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stuga_turn_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stuga_turn_series"), ["series"], unique=False)

    op.create_table(
        "answer_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "did",
            sa.Enum(
                "proposed",
                "first",
                "handed_over",
                "approved",
                "kept",
                "refused",
                "withdrawn",
                "merged",
                "joined",
                "erased",
                "source_gone",
                name="did",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(length=1500), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_version_answer_id_answer")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_version_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_version")),
        sa.UniqueConstraint("answer_id", "version", name=op.f("uq_answer_version_answer_id_version")),
    )
    with op.batch_alter_table("answer_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_version_by_id"), ["by_id"], unique=False)

    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_area_department_id_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("key", name=op.f("uq_area_key")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_department_id"), ["department_id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_unit_area_id_area")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_unit_department_id_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_department_id"), ["department_id"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "expert_user",
                "object_specialist",
                "object_lead",
                "coordinator",
                "unit_manager",
                "department_manager",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("tool", sa.String(length=60), nullable=True),
        sa.Column("deputy_for_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_appointment_department_id_department")
        ),
        sa.ForeignKeyConstraint(["deputy_for_id"], ["person.id"], name=op.f("fk_appointment_deputy_for_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appointment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_deputy_for_id"), ["deputy_for_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("tool", sa.String(length=60), nullable=True),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("second_number", sa.String(length=40), nullable=False),
        sa.Column("what_to_do", sa.String(length=400), nullable=False),
        sa.Column("routine", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_contact_area_id_area")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contact_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("tool", sa.String(length=60), nullable=True),
        sa.Column("tool_chosen", sa.Boolean(), nullable=False),
        sa.Column("belongs_to", sa.String(length=40), nullable=True),
        sa.Column("for_colleague", sa.Boolean(), nullable=False),
        sa.Column("pictures", sa.String(length=120), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "access",
                "handling",
                "fault",
                "routine",
                "equipment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "acute", "maybe_acute", "can_wait", name="urgency", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "taken",
                "waiting_asker",
                "waiting_external",
                "parked",
                "solved_proposed",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "solved",
                "self_help",
                "redirected",
                "withdrawn",
                "expired",
                "rung",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "solved_by",
            sa.Enum(
                "self_help",
                "expert_user",
                "object_specialist",
                "it",
                "stuga",
                name="solvedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "rung",
            sa.Enum(
                "unit_expert",
                "lent_expert",
                "department_expert",
                "specialist",
                "specialist_elsewhere",
                "coordinator",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stuga_id", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("had_by_id", sa.Integer(), nullable=True),
        sa.Column("answers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "next_step",
            sa.Enum(
                "ask",
                "let_out",
                "comes",
                "anew",
                "remind",
                "free",
                "warn",
                "rest",
                "check",
                "unpark",
                name="nextstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asker_wrote_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helper_wrote_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(pictures = '') = (ticked_at IS NULL)", name=op.f("ck_ticket_no_picture_without_the_tick")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_ticket_closed_has_a_time")),
        sa.CheckConstraint(
            "owner_id IS NOT NULL OR next_at IS NOT NULL OR stuga_id IS NOT NULL OR state = 'closed'",
            name=op.f("ck_ticket_never_without_a_next_step"),
        ),
        sa.CheckConstraint("state <> 'open' OR owner_id IS NULL", name=op.f("ck_ticket_open_has_no_owner")),
        sa.CheckConstraint(
            "state <> 'parked' OR stuga_id IS NOT NULL OR next_at IS NOT NULL",
            name=op.f("ck_ticket_parked_for_something"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('taken', 'solved_proposed') OR owner_id IS NOT NULL",
            name=op.f("ck_ticket_taken_has_an_owner"),
        ),
        sa.CheckConstraint(
            "stuga_id IS NULL OR (state = 'parked' AND next_at IS NULL)", name=op.f("ck_ticket_at_a_stuga_while_parked")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (reason IS NULL)", name=op.f("ck_ticket_closed_at_with_reason")),
        sa.CheckConstraint("(next_at IS NULL) = (next_step IS NULL)", name=op.f("ck_ticket_next_at_with_next_step")),
        sa.CheckConstraint("(owner_id IS NULL) = (taken_at IS NULL)", name=op.f("ck_ticket_owner_id_with_taken_at")),
        sa.CheckConstraint("held_until IS NULL OR owner_id IS NOT NULL", name=op.f("ck_ticket_held_by_somebody")),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_ticket_asker_id_person")),
        sa.ForeignKeyConstraint(["had_by_id"], ["person.id"], name=op.f("fk_ticket_had_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_ticket_owner_id_person")),
        sa.ForeignKeyConstraint(["stuga_id"], ["stuga.id"], name=op.f("fk_ticket_stuga_id_stuga")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ticket_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_had_by_id"), ["had_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_stuga_id"), ["stuga_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_tool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_tool_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_tool")),
    )
    with op.batch_alter_table("unit_tool", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_tool_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "working_unit",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_working_unit_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_working_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_working_unit")),
    )
    op.create_table(
        "access_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked", "ordered", "declined", name="orderstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("word", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_access_order_answered_has_a_time")
        ),
        sa.CheckConstraint("state <> 'ordered' OR word = ''", name=op.f("ck_access_order_a_word_says_why_not")),
        sa.CheckConstraint(
            "(answered_by_id IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_access_order_answered_by_id_with_answered_at"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_access_order_answered_by_id_person")),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_access_order_asker_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_access_order_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_access_order_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_order")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_order_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_order_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_order_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_order_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_order_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_access_order_open",
            ["asker_id", "tool"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    op.create_table(
        "answer_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(length=1500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "refused", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_answer_proposal_verdict_with_decided_at")
        ),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_proposal_answer_id_answer")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_proposal_by_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_answer_proposal_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_proposal")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_answer_proposal_ticket_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answer_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_proposal_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_proposal_by_id"), ["by_id"], unique=False)

    op.create_table(
        "answer_shown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column(
            "via",
            sa.Enum("asker", "helper", name="via", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum("helped", "missed", "passed", name="result", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_shown_answer_id_answer")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_answer_shown_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_shown")),
        sa.UniqueConstraint("ticket_id", "answer_id", name=op.f("uq_answer_shown_ticket_id_answer_id")),
    )
    with op.batch_alter_table("answer_shown", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_shown_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_shown_result"), ["result"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "rung",
            sa.Enum(
                "unit_expert",
                "lent_expert",
                "department_expert",
                "specialist",
                "specialist_elsewhere",
                "coordinator",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "via",
            sa.Enum("card", "cluster", "digest", name="via", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_no", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_candidate_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_candidate_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("ticket_id", "person_id", name=op.f("uq_candidate_ticket_id_person_id")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_person_id"), ["person_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "event",
            sa.Enum(
                "asked",
                "understood",
                "placed",
                "urgent",
                "not_urgent",
                "went_to",
                "let_out",
                "declined",
                "taken",
                "taken_over",
                "reminded",
                "freed",
                "went_home",
                "returned",
                "wrote",
                "noted",
                "vouched",
                "sent_on",
                "parked",
                "unparked",
                "asked_back",
                "sent_out",
                "checked",
                "came_back",
                "solved",
                "confirmed",
                "denied",
                "reopened",
                "withdrawn",
                "warned",
                "rested",
                "unit_off",
                "redirected",
                "rung",
                "anew",
                "repaired",
                "cleared",
                "offered",
                "human",
                "stuga_changed",
                "answered_all",
                "suggested",
                "at_stuga",
                name="event",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "taken",
                "waiting_asker",
                "waiting_external",
                "parked",
                "solved_proposed",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_history_by_id_person")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_history_other_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_history_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.String(length=500), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("replied_at IS NOT NULL OR reply = ''", name=op.f("ck_idea_a_reply_has_a_time")),
        sa.CheckConstraint(
            "(replied_by_id IS NULL) = (replied_at IS NULL)", name=op.f("ck_idea_replied_by_id_with_replied_at")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_idea_by_id_person")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["person.id"], name=op.f("fk_idea_replied_by_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_idea_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_idea_ticket_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_replied_at"), ["replied_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_replied_by_id"), ["replied_by_id"], unique=False)

    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "asker", "helper", "internal", "kept", name="side", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("guessed", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=30), nullable=False),
        sa.Column("root", sa.String(length=30), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "cleared_by",
            sa.Enum(
                "asker",
                "helper",
                "age",
                "erasure",
                name="clearedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cleared_at IS NULL OR text = ''", name=op.f("ck_line_cleared_has_no_words")),
        sa.CheckConstraint(
            "(cleared_at IS NULL) = (cleared_by IS NULL)", name=op.f("ck_line_cleared_at_with_cleared_by")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_line_author_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_line_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_line_channel_ts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_line_kept",
            ["said_at"],
            unique=False,
            sqlite_where=sa.text("side = 'kept'"),
            postgresql_where=sa.text("side = 'kept'"),
        )
        batch_op.create_index(batch_op.f("ix_line_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index("ix_line_unplaced", ["author_id", "ticket_id"], unique=False)

    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("learnt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ticket_id IS NOT NULL OR kept_at IS NOT NULL", name=op.f("ck_wording_has_a_question_or_is_kept")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_wording_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_wording_ticket_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wording_learnt_at"), ["learnt_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wording_tool"), ["tool"], unique=False)

    op.create_table(
        "news",
        sa.Column("tool", sa.String(length=60), nullable=False),
        sa.Column("departments", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_news_by_id_person")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_news_idea_id_idea")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "stuga_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stuga_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "solved",
                "guide_needed",
                "to_specialist",
                "to_it",
                "routine",
                "fell_away",
                "not_taken_up",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("guide_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(logged_at IS NULL) = (outcome IS NULL)", name=op.f("ck_stuga_item_logged_at_with_outcome")
        ),
        sa.CheckConstraint(
            "guide_done_at IS NULL OR outcome IS NOT NULL", name=op.f("ck_stuga_item_a_guide_that_was_asked_for")
        ),
        sa.CheckConstraint(
            "line_id IS NULL OR outcome IS NOT NULL", name=op.f("ck_stuga_item_a_word_about_an_outcome")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stuga_item_by_id_person")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_stuga_item_line_id_line")),
        sa.ForeignKeyConstraint(["stuga_id"], ["stuga.id"], name=op.f("fk_stuga_item_stuga_id_stuga")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_stuga_item_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuga_item")),
        sa.UniqueConstraint("stuga_id", "ticket_id", name=op.f("uq_stuga_item_stuga_id_ticket_id")),
    )
    with op.batch_alter_table("stuga_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stuga_item_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stuga_item_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "news_reader",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["news_id"], ["news.id"], name=op.f("fk_news_reader_news_id_news")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_reader_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_news_reader_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("news_id", "person_id", name=op.f("pk_news_reader")),
    )
    with op.batch_alter_table("news_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_reader_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_reader_ticket_id"), ["ticket_id"], unique=False)
