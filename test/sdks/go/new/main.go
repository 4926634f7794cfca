package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/stripe/stripe-go/v86"
)

// snippet: start
func koban() *stripe.Client {
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{URL: stripe.String(os.Getenv("KOBAN_URL"))})
	return stripe.NewClient(os.Getenv("KOBAN_KEY"), stripe.WithBackends(backends))
}

// snippet: end

type got map[string]any

var (
	always = context.Background()
	client = koban()
)

func tell(check string, got got, err error) {
	finding := map[string]any{"check": check}
	if err != nil {
		finding["threw"] = err.Error()
	} else {
		finding["got"] = got
	}
	line, _ := json.Marshal(finding)
	fmt.Println(string(line))
}

// orNull is nil for what the API did not say.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func tellRefusal(check string, err error) {
	var refused *stripe.Error
	if err == nil {
		tell(check, nil, fmt.Errorf("was not refused"))
		return
	}
	if !errors.As(err, &refused) {
		tell(check, got{"exception": fmt.Sprintf("%T", err)}, nil)
		return
	}
	tell(check, got{
		"exception":    fmt.Sprintf("%T", refused.Err),
		"status":       refused.HTTPStatusCode,
		"code":         orNull(string(refused.Code)),
		"decline_code": orNull(string(refused.DeclineCode)),
		"param":        orNull(refused.Param),
		"request_id":   refused.RequestID,
	}, nil)
}

func sample(source string) *stripe.ChargeCreateParams {
	params := &stripe.ChargeCreateParams{
		Amount:      stripe.Int64(999),
		Currency:    stripe.String(stripe.CurrencyUSD),
		Description: stripe.String("Example charge"),
	}
	params.SetSource(source)
	return params
}

func create(params *stripe.ChargeCreateParams) (*stripe.Charge, error) {
	return client.V1Charges.Create(always, params)
}

func clientAt(url, key string) *stripe.Client {
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{URL: stripe.String(url)})
	return stripe.NewClient(key, stripe.WithBackends(backends))
}

func samples() {
	plain, err := create(sample("tok_visa"))
	tell("charge", got{
		"amount": plain.Amount, "currency": plain.Currency, "description": plain.Description,
		"paid": plain.Paid, "captured": plain.Captured,
	}, err)

	params := sample("tok_visa")
	params.StatementDescriptor = stripe.String("Custom descriptor")
	described, err := create(params)
	tell("descriptor", got{"statement_descriptor": described.StatementDescriptor, "paid": described.Paid}, err)

	params = sample("tok_visa")
	params.Capture = stripe.Bool(false)
	held, err := create(params)
	tell("authorize", got{"paid": held.Paid, "captured": held.Captured}, err)
	captured, err := client.V1Charges.Capture(always, held.ID, nil)
	tell("capture", got{"same": captured.ID == held.ID, "captured": captured.Captured}, err)

	params = sample("tok_visa")
	params.AddMetadata("order_id", "6735")
	marked, err := create(params)
	tell("metadata", got{"order_id": marked.Metadata["order_id"]}, err)
}

func tellRefund(check, id string, params *stripe.RefundCreateParams) {
	params.Charge = stripe.String(id)
	made, err := client.V1Refunds.Create(always, params)
	if err != nil {
		tell(check, nil, err)
		return
	}
	refunded, err := client.V1Charges.Retrieve(always, id, nil)
	tell(check, got{
		"status": made.Status, "amount": made.Amount,
		"amount_refunded": refunded.AmountRefunded, "refunded": refunded.Refunded,
	}, err)
}

func refunds() {
	made, err := create(sample("tok_visa"))
	if err != nil {
		tell("refund", nil, err)
		return
	}
	tellRefund("refund", made.ID, &stripe.RefundCreateParams{Amount: stripe.Int64(400)})
	tellRefund("refund_rest", made.ID, &stripe.RefundCreateParams{})
}

func savedCard() {
	saved, err := client.V1Customers.Create(always, &stripe.CustomerCreateParams{Source: stripe.String("tok_visa")})
	if err != nil {
		tell("saved_card", nil, err)
		return
	}
	charged, err := create(&stripe.ChargeCreateParams{
		Amount: stripe.Int64(999), Currency: stripe.String(stripe.CurrencyUSD), Customer: stripe.String(saved.ID),
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
	distinct := map[string]bool{}
	descriptions := []string{}
	for charge, err := range client.V1Charges.List(always, params).All(always) {
		if err != nil {
			tell("paging", nil, err)
			return
		}
		distinct[charge.ID] = true
		descriptions = append(descriptions, charge.Description)
	}
	if len(descriptions) == 0 {
		tell("paging", nil, fmt.Errorf("no charges"))
		return
	}
	tell("paging", got{
		"count": len(descriptions), "distinct": len(distinct),
		"newest": descriptions[0], "oldest": descriptions[len(descriptions)-1],
	}, nil)
}

func expand() {
	made, err := create(sample("tok_visa"))
	if err != nil {
		tell("expand", nil, err)
		return
	}
	params := &stripe.ChargeRetrieveParams{}
	params.AddExpand("balance_transaction")
	found, err := client.V1Charges.Retrieve(always, made.ID, params)
	if err != nil {
		tell("expand", nil, err)
		return
	}
	tell("expand", got{"fee": found.BalanceTransaction.Fee, "net": found.BalanceTransaction.Net}, nil)

	listed := &stripe.ChargeListParams{TransferGroup: stripe.String("paged")}
	listed.Limit = stripe.Int64(1)
	listed.AddExpand("data.balance_transaction")
	for charge, err := range client.V1Charges.List(always, listed).All(always) {
		if err != nil {
			tell("expand_list", nil, err)
			return
		}
		tell("expand_list", got{"fee": charge.BalanceTransaction.Fee, "net": charge.BalanceTransaction.Net}, nil)
		return
	}
}

func refusals() {
	_, err := create(sample("tok_chargeDeclinedInsufficientFunds"))
	tellRefusal("error_declined", err)

	_, err = create(sample("tok_chargeDeclinedIncorrectCvc"))
	tellRefusal("error_cvc", err)

	params := sample("tok_visa")
	params.Amount = stripe.Int64(10)
	_, err = create(params)
	tellRefusal("error_invalid", err)

	_, err = client.V1Charges.Retrieve(always, "ch_nope", nil)
	tellRefusal("error_missing", err)

	_, err = clientAt(os.Getenv("KOBAN_URL"), "sk_test_wrong").V1Charges.Retrieve(always, "ch_nope", nil)
	tellRefusal("error_key", err)

	elsewhere := &stripe.ChargeRetrieveParams{}
	elsewhere.SetStripeAccount("acct_1NobodyKnowsIt")
	_, err = client.V1Charges.Retrieve(always, "ch_nope", elsewhere)
	tellRefusal("error_permission", err)

	for _, amount := range []int64{999, 1000} {
		params = sample("tok_visa")
		params.Amount = stripe.Int64(amount)
		params.SetIdempotencyKey("told apart by its amount")
		_, err = create(params)
	}
	tellRefusal("error_idempotency", err)

	refusing := clientAt(os.Getenv("REFUSING_URL"), os.Getenv("KOBAN_KEY"))
	_, err = refusing.V1Charges.Retrieve(always, "locked", nil)
	tellRefusal("error_locked", err)
	_, err = refusing.V1Charges.Retrieve(always, "broken", nil)
	tellRefusal("error_server", err)
	_, err = clientAt(os.Getenv("NOWHERE_URL"), os.Getenv("KOBAN_KEY")).V1Charges.Retrieve(always, "ch_nope", nil)
	tellRefusal("error_connection", err)
}

func retry() {
	params := sample("tok_visa")
	params.TransferGroup = stripe.String("cut")
	made, err := clientAt(os.Getenv("CUTTING_URL"), os.Getenv("KOBAN_KEY")).V1Charges.Create(always, params)
	tell("retry", got{"id": made.ID}, err)
}

func main() {
	samples()
	refunds()
	savedCard()
	paging()
	expand()
	refusals()
	retry()
}
