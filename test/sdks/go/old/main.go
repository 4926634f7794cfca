package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/stripe/stripe-go"
	"github.com/stripe/stripe-go/charge"
	"github.com/stripe/stripe-go/customer"
	"github.com/stripe/stripe-go/refund"
)

// snippet: start
func pointAtKoban() {
	stripe.Key = os.Getenv("KOBAN_KEY")
	stripe.SetBackend(stripe.APIBackend, stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL: os.Getenv("KOBAN_URL"),
	}))
}

// snippet: end

type got map[string]interface{}

func tell(check string, got got, err error) {
	finding := map[string]interface{}{"check": check}
	if err != nil {
		finding["threw"] = err.Error()
	} else {
		finding["got"] = got
	}
	line, _ := json.Marshal(finding)
	fmt.Println(string(line))
}

// orNull is nil for what the API did not say.
func orNull(text string) interface{} {
	if text == "" {
		return nil
	}
	return text
}

func tellRefusal(check string, err error) {
	if err == nil {
		tell(check, nil, fmt.Errorf("was not refused"))
		return
	}
	refused, ok := err.(*stripe.Error)
	if !ok {
		tell(check, got{"exception": fmt.Sprintf("%T", err)}, nil)
		return
	}
	decline := ""
	if card, ok := refused.Err.(*stripe.CardError); ok {
		decline = fmt.Sprint(card.DeclineCode)
	}
	tell(check, got{
		"exception":    fmt.Sprintf("%T", refused.Err),
		"status":       refused.HTTPStatusCode,
		"code":         orNull(string(refused.Code)),
		"decline_code": orNull(decline),
		"param":        orNull(refused.Param),
		"request_id":   refused.RequestID,
	}, nil)
}

func sample() *stripe.ChargeParams {
	params := &stripe.ChargeParams{
		Amount:      stripe.Int64(999),
		Currency:    stripe.String(string(stripe.CurrencyUSD)),
		Description: stripe.String("Example charge"),
	}
	params.SetSource("tok_visa")
	return params
}

func clientAt(url, key string, retries int) charge.Client {
	return charge.Client{Key: key, B: stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL:               url,
		MaxNetworkRetries: retries,
	})}
}

func samples() {
	plain, err := charge.New(sample())
	tell("charge", got{
		"amount": plain.Amount, "currency": plain.Currency, "description": plain.Description,
		"paid": plain.Paid, "captured": plain.Captured,
	}, err)

	params := sample()
	params.StatementDescriptor = stripe.String("Custom descriptor")
	described, err := charge.New(params)
	tell("descriptor", got{"statement_descriptor": described.StatementDescriptor, "paid": described.Paid}, err)

	params = sample()
	params.Capture = stripe.Bool(false)
	held, err := charge.New(params)
	tell("authorize", got{"paid": held.Paid, "captured": held.Captured}, err)
	captured, err := charge.Capture(held.ID, nil)
	tell("capture", got{"same": captured.ID == held.ID, "captured": captured.Captured}, err)

	params = sample()
	params.AddMetadata("order_id", "6735")
	marked, err := charge.New(params)
	tell("metadata", got{"order_id": marked.Metadata["order_id"]}, err)
}

func tellRefund(check, id string, params *stripe.RefundParams) {
	params.Charge = stripe.String(id)
	made, err := refund.New(params)
	if err != nil {
		tell(check, nil, err)
		return
	}
	refunded, err := charge.Get(id, nil)
	tell(check, got{
		"status": made.Status, "amount": made.Amount,
		"amount_refunded": refunded.AmountRefunded, "refunded": refunded.Refunded,
	}, err)
}

func refunds() {
	made, err := charge.New(sample())
	if err != nil {
		tell("refund", nil, err)
		return
	}
	tellRefund("refund", made.ID, &stripe.RefundParams{Amount: stripe.Int64(400)})
	tellRefund("refund_rest", made.ID, &stripe.RefundParams{})
}

func savedCard() {
	params := &stripe.CustomerParams{}
	params.SetSource("tok_visa")
	saved, err := customer.New(params)
	if err != nil {
		tell("saved_card", nil, err)
		return
	}
	charged, err := charge.New(&stripe.ChargeParams{
		Amount: stripe.Int64(999), Currency: stripe.String("usd"), Customer: stripe.String(saved.ID),
	})
	if err != nil {
		tell("saved_card", nil, err)
		return
	}
	tell("saved_card", got{
		"same_customer": charged.Customer.ID == saved.ID, "paid": charged.Paid, "amount": charged.Amount,
	}, nil)
}

func paging() {
	params := &stripe.ChargeListParams{TransferGroup: stripe.String("paged")}
	params.Limit = stripe.Int64(100)
	pages := charge.List(params)
	distinct := map[string]bool{}
	descriptions := []string{}
	for pages.Next() {
		distinct[pages.Charge().ID] = true
		descriptions = append(descriptions, pages.Charge().Description)
	}
	if len(descriptions) == 0 {
		tell("paging", nil, fmt.Errorf("no charges: %v", pages.Err()))
		return
	}
	tell("paging", got{
		"count": len(descriptions), "distinct": len(distinct),
		"newest": descriptions[0], "oldest": descriptions[len(descriptions)-1],
	}, pages.Err())
}

func expand() {
	made, err := charge.New(sample())
	if err != nil {
		tell("expand", nil, err)
		return
	}
	params := &stripe.ChargeParams{}
	params.AddExpand("balance_transaction")
	found, err := charge.Get(made.ID, params)
	if err != nil {
		tell("expand", nil, err)
		return
	}
	tell("expand", got{"fee": found.BalanceTransaction.Fee, "net": found.BalanceTransaction.Net}, nil)

	listed := &stripe.ChargeListParams{TransferGroup: stripe.String("paged")}
	listed.Limit = stripe.Int64(1)
	listed.AddExpand("data.balance_transaction")
	pages := charge.List(listed)
	if !pages.Next() {
		tell("expand_list", nil, fmt.Errorf("no charges: %v", pages.Err()))
		return
	}
	transaction := pages.Charge().BalanceTransaction
	tell("expand_list", got{"fee": transaction.Fee, "net": transaction.Net}, nil)
}

func refusals() {
	params := sample()
	params.SetSource("tok_chargeDeclinedInsufficientFunds")
	_, err := charge.New(params)
	tellRefusal("error_declined", err)

	params = sample()
	params.SetSource("tok_chargeDeclinedIncorrectCvc")
	_, err = charge.New(params)
	tellRefusal("error_cvc", err)

	params = sample()
	params.Amount = stripe.Int64(10)
	_, err = charge.New(params)
	tellRefusal("error_invalid", err)

	_, err = charge.Get("ch_nope", nil)
	tellRefusal("error_missing", err)

	_, err = clientAt(os.Getenv("KOBAN_URL"), "sk_test_wrong", 0).Get("ch_nope", nil)
	tellRefusal("error_key", err)

	elsewhere := &stripe.ChargeParams{}
	elsewhere.SetStripeAccount("acct_1NobodyKnowsIt")
	_, err = charge.Get("ch_nope", elsewhere)
	tellRefusal("error_permission", err)

	for _, amount := range []int64{999, 1000} {
		params = sample()
		params.Amount = stripe.Int64(amount)
		params.SetIdempotencyKey("told apart by its amount")
		_, err = charge.New(params)
	}
	tellRefusal("error_idempotency", err)

	refusing := clientAt(os.Getenv("REFUSING_URL"), stripe.Key, 0)
	_, err = refusing.Get("locked", nil)
	tellRefusal("error_locked", err)
	_, err = refusing.Get("broken", nil)
	tellRefusal("error_server", err)
	_, err = clientAt(os.Getenv("NOWHERE_URL"), stripe.Key, 0).Get("ch_nope", nil)
	tellRefusal("error_connection", err)
}

func retry() {
	params := sample()
	params.TransferGroup = stripe.String("cut")
	made, err := clientAt(os.Getenv("CUTTING_URL"), stripe.Key, 2).New(params)
	tell("retry", got{"id": made.ID}, err)
}

func main() {
	pointAtKoban()
	samples()
	refunds()
	savedCard()
	paging()
	expand()
	refusals()
	retry()
}
