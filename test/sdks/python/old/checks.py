import json
import os
import traceback

# snippet: start
import stripe

stripe.api_key = os.environ["KOBAN_KEY"]
stripe.api_base = os.environ["KOBAN_URL"]
# snippet: end


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
        except stripe.error.StripeError as error:
            body = (error.json_body or {}).get("error", {})
            return {
                "exception": type(error).__name__,
                "status": error.http_status,
                "code": error.code or body.get("code"),  # a PermissionError has it in its body only
                "decline_code": body.get("decline_code"),
                "param": getattr(error, "param", None),
                "request_id": error.request_id,
            }
        raise AssertionError("was not refused")

    check(name, refused)


def sample(**more):
    charge = dict(amount=999, currency="usd", description="Example charge", source="tok_visa")
    return stripe.Charge.create(**{**charge, **more})


def members(of, *names):
    return {name: of[name] for name in names}


def charge():
    return members(sample(), "amount", "currency", "description", "paid", "captured")


def descriptor():
    return members(sample(statement_descriptor="Custom descriptor"), "statement_descriptor", "paid")


check("charge", charge)
check("descriptor", descriptor)
held = sample(capture=False)
check("authorize", lambda: members(held, "paid", "captured"))


def capture():
    captured = stripe.Charge.retrieve(held.id).capture()
    return {"same": captured.id == held.id, "captured": captured.captured}


check("capture", capture)
check("metadata", lambda: {"order_id": sample(metadata={"order_id": 6735}).metadata["order_id"]})

refunded = sample().id


def refund(**more):
    made = stripe.Refund.create(charge=refunded, **more)
    return {**members(made, "status", "amount"), **members(stripe.Charge.retrieve(refunded), "amount_refunded", "refunded")}


check("refund", lambda: refund(amount=400))
check("refund_rest", refund)


def saved_card():
    customer = stripe.Customer.create(source="tok_visa")
    charged = stripe.Charge.create(amount=999, currency="usd", customer=customer.id)
    return {"same_customer": charged.customer == customer.id, **members(charged, "paid", "amount")}


check("saved_card", saved_card)


def paging():
    charges = list(stripe.Charge.list(limit=100, transfer_group="paged").auto_paging_iter())
    return {
        "count": len(charges),
        "distinct": len({charge.id for charge in charges}),
        "newest": charges[0].description,
        "oldest": charges[-1].description,
    }


def expand():
    found = stripe.Charge.retrieve(sample().id, expand=["balance_transaction"])
    return members(found.balance_transaction, "fee", "net")


def expand_list():
    found = stripe.Charge.list(limit=1, transfer_group="paged", expand=["data.balance_transaction"])
    return members(found.data[0].balance_transaction, "fee", "net")


check("paging", paging)
check("expand", expand)
check("expand_list", expand_list)


def reused_key():
    for amount in (999, 1000):
        sample(amount=amount, idempotency_key="told apart by its amount")


def elsewhere(url, does):
    def there():
        stripe.api_base = os.environ[url]
        try:
            does()
        finally:
            stripe.api_base = os.environ["KOBAN_URL"]

    return there


refusal("error_declined", lambda: sample(source="tok_chargeDeclinedInsufficientFunds"))
refusal("error_cvc", lambda: sample(source="tok_chargeDeclinedIncorrectCvc"))
refusal("error_invalid", lambda: sample(amount=10))
refusal("error_missing", lambda: stripe.Charge.retrieve("ch_nope"))
refusal("error_key", lambda: stripe.Charge.retrieve("ch_nope", api_key="sk_test_wrong"))
refusal("error_permission", lambda: stripe.Charge.retrieve("ch_nope", stripe_account="acct_1NobodyKnowsIt"))
refusal("error_idempotency", reused_key)
refusal("error_locked", elsewhere("REFUSING_URL", lambda: stripe.Charge.retrieve("locked")))
refusal("error_server", elsewhere("REFUSING_URL", lambda: stripe.Charge.retrieve("broken")))
refusal("error_connection", elsewhere("NOWHERE_URL", sample))


def retry():
    stripe.api_base = os.environ["CUTTING_URL"]
    stripe.max_network_retries = 2
    return {"id": sample(transfer_group="cut").id}


check("retry", retry)
