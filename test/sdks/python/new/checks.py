import json
import os
import traceback

# snippet: start
from stripe import StripeClient

client = StripeClient(os.environ["KOBAN_KEY"], base_addresses={"api": os.environ["KOBAN_URL"]})
# snippet: end

from stripe import StripeError


def at(url, key=os.environ["KOBAN_KEY"], **more):
    return StripeClient(key, base_addresses={"api": url}, **more)


def check(name, does):
    try:
        finding = {"got": does()}
    except Exception:
        finding = {"threw": traceback.format_exc()}
    print(json.dumps({"check": name, **finding}))


def refusal(name, does):
    def refused():
        try:
            does()
        except StripeError as error:
            return {
                "exception": type(error).__name__,
                "status": error.http_status,
                "code": error.code or (error.error and error.error.code),  # a PermissionError has it in its body only
                "decline_code": error.error.decline_code if error.error else None,
                "param": getattr(error, "param", None),
                "request_id": error.request_id,
            }
        raise AssertionError("was not refused")

    check(name, refused)


def sample(by=client, options={}, **more):
    charge = dict(amount=999, currency="usd", description="Example charge", source="tok_visa")
    return by.v1.charges.create({**charge, **more}, options)


def members(of, *names):
    return {name: getattr(of, name) for name in names}


def charge():
    return members(sample(), "amount", "currency", "description", "paid", "captured")


def descriptor():
    return members(sample(statement_descriptor="Custom descriptor"), "statement_descriptor", "paid")


check("charge", charge)
check("descriptor", descriptor)
held = sample(capture=False)
check("authorize", lambda: members(held, "paid", "captured"))


def capture():
    captured = client.v1.charges.capture(held.id)
    return {"same": captured.id == held.id, "captured": captured.captured}


check("capture", capture)
check("metadata", lambda: {"order_id": sample(metadata={"order_id": 6735}).metadata["order_id"]})

refunded = sample().id


def refund(**more):
    made = client.v1.refunds.create({"charge": refunded, **more})
    after = client.v1.charges.retrieve(refunded)
    return {**members(made, "status", "amount"), **members(after, "amount_refunded", "refunded")}


check("refund", lambda: refund(amount=400))
check("refund_rest", refund)


def saved_card():
    customer = client.v1.customers.create({"source": "tok_visa"})
    charged = client.v1.charges.create({"amount": 999, "currency": "usd", "customer": customer.id})
    return {"same_customer": charged.customer == customer.id, **members(charged, "paid", "amount")}


check("saved_card", saved_card)


def paging():
    charges = list(client.v1.charges.list({"limit": 100, "transfer_group": "paged"}).auto_paging_iter())
    return {
        "count": len(charges),
        "distinct": len({charge.id for charge in charges}),
        "newest": charges[0].description,
        "oldest": charges[-1].description,
    }


def expand():
    found = client.v1.charges.retrieve(sample().id, {"expand": ["balance_transaction"]})
    return members(found.balance_transaction, "fee", "net")


def expand_list():
    asked = {"limit": 1, "transfer_group": "paged", "expand": ["data.balance_transaction"]}
    return members(client.v1.charges.list(asked).data[0].balance_transaction, "fee", "net")


check("paging", paging)
check("expand", expand)
check("expand_list", expand_list)


def reused_key():
    for amount in (999, 1000):
        sample(amount=amount, options={"idempotency_key": "told apart by its amount"})


refusal("error_declined", lambda: sample(source="tok_chargeDeclinedInsufficientFunds"))
refusal("error_cvc", lambda: sample(source="tok_chargeDeclinedIncorrectCvc"))
refusal("error_invalid", lambda: sample(amount=10))
refusal("error_missing", lambda: client.v1.charges.retrieve("ch_nope"))
refusal("error_key", lambda: at(os.environ["KOBAN_URL"], "sk_test_wrong").v1.charges.retrieve("ch_nope"))
elsewhere = {"stripe_account": "acct_1NobodyKnowsIt"}
refusal("error_permission", lambda: client.v1.charges.retrieve("ch_nope", options=elsewhere))
refusal("error_idempotency", reused_key)
refusal("error_locked", lambda: at(os.environ["REFUSING_URL"]).v1.charges.retrieve("locked"))
refusal("error_server", lambda: at(os.environ["REFUSING_URL"]).v1.charges.retrieve("broken"))
refusal("error_connection", lambda: sample(by=at(os.environ["NOWHERE_URL"])))


def retry():
    # A StripeClient tries again only where it is told so.
    return {"id": sample(by=at(os.environ["CUTTING_URL"], max_network_retries=2), transfer_group="cut").id}


check("retry", retry)
