"""The partitioned tables, and the unlogged ones that a package is copied into before its rows are accepted."""

from django.db import migrations

MONEY = "numeric(20,4)"

# BRIN: a day's rows lie together, in the order of loading, so the blocks of a feed day are found by it.
PARTITIONED = f"""
CREATE TABLE trading_balance (
    client_id bigint NOT NULL, day date NOT NULL, account_id bigint NOT NULL,
    cash {MONEY} NOT NULL, market_value {MONEY} NOT NULL, product_value {MONEY} NOT NULL,
    margin_debit {MONEY} NOT NULL,
    PRIMARY KEY (client_id, day, account_id)
) PARTITION BY RANGE (day);
CREATE INDEX trading_balance_day ON trading_balance USING brin (day) WITH (pages_per_range = 16);

CREATE TABLE trading_holding (
    client_id bigint NOT NULL, day date NOT NULL, account_id bigint NOT NULL,
    market varchar(3) NOT NULL, security_code varchar(30) NOT NULL,
    quantity {MONEY}, market_value {MONEY}, product_id bigint,
    PRIMARY KEY (client_id, day, account_id, market, security_code)
) PARTITION BY RANGE (day);
CREATE INDEX trading_holding_day ON trading_holding USING brin (day) WITH (pages_per_range = 16);

CREATE TABLE trading_trade (
    client_id bigint NOT NULL, traded_on date NOT NULL, trade_no varchar(40) NOT NULL, feed_day date NOT NULL,
    counts boolean NOT NULL, account_id bigint NOT NULL, traded_at timestamptz NOT NULL,
    market varchar(3), security_code varchar(30), side varchar(4) NOT NULL,
    quantity {MONEY} NOT NULL, price {MONEY} NOT NULL, amount {MONEY} NOT NULL,
    gross_commission {MONEY} NOT NULL, handling_fee {MONEY} NOT NULL, csrc_fee {MONEY} NOT NULL,
    transfer_fee {MONEY} NOT NULL, stamp_duty {MONEY} NOT NULL,
    PRIMARY KEY (client_id, traded_on, trade_no, feed_day)
) PARTITION BY RANGE (traded_on);
CREATE INDEX trading_trade_feed_day ON trading_trade USING brin (feed_day) WITH (pages_per_range = 16);
CREATE INDEX trading_trade_shadow ON trading_trade (trade_no) WHERE NOT counts;

CREATE TABLE trading_balance_old PARTITION OF trading_balance FOR VALUES FROM (MINVALUE) TO ('2015-01-01');
CREATE TABLE trading_holding_old PARTITION OF trading_holding FOR VALUES FROM (MINVALUE) TO ('2015-01-01');
CREATE TABLE trading_trade_old PARTITION OF trading_trade FOR VALUES FROM (MINVALUE) TO ('2015-01-01');
"""

# `line` is the physical line on which the record starts, `mark` a fingerprint of the whole record (F19).
STAGING = f"""
CREATE UNLOGGED TABLE trading_stage_branch (
    line bigint, mark bigint, code text, name text, parent_code text, kind text, opened_on date, closed_on date,
    successor_code text
);
CREATE UNLOGGED TABLE trading_stage_client (
    line bigint, mark bigint, client_no text, kind text, name text, pinyin text, initials text, id_type text,
    id_number bytea, id_index bytea, id_expires_on date, birth_date date, sex text, mobile bytea,
    mobile_index bytea, mobile_tail_index bytea, email bytea, email_index bytea, address bytea, branch_code text,
    manager_no text, status text, opened_on date, closed_on date, callback_passed_on date, risk_level text,
    risk_assessed_on date, investor_class text
);
CREATE UNLOGGED TABLE trading_stage_account (
    line bigint, mark bigint, account_no text, client_no text, system text, currency text, status text,
    opened_on date, closed_on date
);
CREATE UNLOGGED TABLE trading_stage_product (
    line bigint, mark bigint, product_code text, name text, family text, risk_level text
);
CREATE UNLOGGED TABLE trading_stage_balance (
    line bigint, mark bigint, account_no text, cash {MONEY}, market_value {MONEY}, product_value {MONEY},
    margin_debit {MONEY}
);
CREATE UNLOGGED TABLE trading_stage_holding (
    line bigint, mark bigint, account_no text, market text, security_code text, quantity {MONEY},
    market_value {MONEY}, product_code text
);
CREATE UNLOGGED TABLE trading_stage_trade (
    line bigint, mark bigint, trade_no text, account_no text, traded_at timestamptz, market text,
    security_code text, side text, quantity {MONEY}, price {MONEY}, amount {MONEY}, gross_commission {MONEY},
    handling_fee {MONEY}, csrc_fee {MONEY}, transfer_fee {MONEY}, stamp_duty {MONEY}
);
CREATE UNLOGGED TABLE trading_stage_cashflow (
    line bigint, mark bigint, flow_no text, account_no text, occurred_at timestamptz, direction text,
    amount {MONEY}
);
CREATE UNLOGGED TABLE trading_stage_income (
    line bigint, mark bigint, income_no text, client_no text, kind text, amount {MONEY}
);
CREATE UNLOGGED TABLE trading_stage_custody (
    line bigint, mark bigint, event_no text, client_no text, kind text, value {MONEY},
    residual_assets {MONEY}
);
"""

STAGES = ("branch", "client", "account", "product", "balance", "holding", "trade", "cashflow", "income", "custody")


class Migration(migrations.Migration):
    dependencies = [("trading", "0002_feeds")]

    operations = [
        migrations.RunSQL(
            PARTITIONED, "DROP TABLE trading_balance; DROP TABLE trading_holding; DROP TABLE trading_trade;"
        ),
        migrations.RunSQL(STAGING, "".join(f"DROP TABLE trading_stage_{name};" for name in STAGES)),
    ]
