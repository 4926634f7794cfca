import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.stripe.Stripe;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

public class Checks {
  static final Gson JSON = new GsonBuilder().serializeNulls().create();

  // snippet: start
  static void pointAtKoban() {
    Stripe.apiKey = System.getenv("KOBAN_KEY");
    Stripe.overrideApiBase(System.getenv("KOBAN_URL"));
  }
  // snippet: end

  static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    return map;
  }

  static void check(String name, Callable<Map<String, Object>> does) {
    Map<String, Object> finding = map("check", name);
    try {
      finding.put("got", does.call());
    } catch (Exception thrown) {
      finding.put("threw", thrown.toString());
    }
    System.out.println(JSON.toJson(finding));
  }

  static void refusal(String name, Callable<?> does) {
    check(
        name,
        () -> {
          try {
            does.call();
          } catch (StripeException refused) {
            String param = null;
            String declineCode = null;
            if (refused instanceof CardException) {
              param = ((CardException) refused).getParam();
              declineCode = ((CardException) refused).getDeclineCode();
            }
            if (refused instanceof InvalidRequestException) param = ((InvalidRequestException) refused).getParam();
            return map(
                "exception", refused.getClass().getSimpleName(),
                "status", refused.getStatusCode(),
                "code", refused.getCode(),
                "decline_code", declineCode,
                "param", param,
                "request_id", refused.getRequestId());
          }
          throw new IllegalStateException("was not refused");
        });
  }

  static Map<String, Object> sample(Object... more) {
    Map<String, Object> params =
        map("amount", 999, "currency", "usd", "description", "Example charge", "source", "tok_visa");
    params.putAll(map(more));
    return params;
  }

  static void samples() throws StripeException {
    check(
        "charge",
        () -> {
          Charge charge = Charge.create(sample());
          return map(
              "amount", charge.getAmount(),
              "currency", charge.getCurrency(),
              "description", charge.getDescription(),
              "paid", charge.getPaid(),
              "captured", charge.getCaptured());
        });
    check(
        "descriptor",
        () -> {
          Charge charge = Charge.create(sample("statement_descriptor", "Custom descriptor"));
          return map("statement_descriptor", charge.getStatementDescriptor(), "paid", charge.getPaid());
        });
    Charge held = Charge.create(sample("capture", false));
    check("authorize", () -> map("paid", held.getPaid(), "captured", held.getCaptured()));
    check(
        "capture",
        () -> {
          Charge captured = Charge.retrieve(held.getId()).capture();
          return map("same", captured.getId().equals(held.getId()), "captured", captured.getCaptured());
        });
    check(
        "metadata",
        () -> {
          Charge charge = Charge.create(sample("metadata", Collections.singletonMap("order_id", "6735")));
          return map("order_id", charge.getMetadata().get("order_id"));
        });
  }

  static Map<String, Object> refund(String id, Object... more) throws StripeException {
    Map<String, Object> params = map("charge", id);
    params.putAll(map(more));
    Refund refund = Refund.create(params);
    Charge charge = Charge.retrieve(id);
    return map(
        "status", refund.getStatus(),
        "amount", refund.getAmount(),
        "amount_refunded", charge.getAmountRefunded(),
        "refunded", charge.getRefunded());
  }

  static void refunds() throws StripeException {
    String id = Charge.create(sample()).getId();
    check("refund", () -> refund(id, "amount", 400));
    check("refund_rest", () -> refund(id));
  }

  static void savedCard() {
    check(
        "saved_card",
        () -> {
          Customer customer = Customer.create(map("source", "tok_visa"));
          Charge charge = Charge.create(map("amount", 999, "currency", "usd", "customer", customer.getId()));
          return map(
              "same_customer", charge.getCustomer().equals(customer.getId()),
              "paid", charge.getPaid(),
              "amount", charge.getAmount());
        });
  }

  static void paging() {
    check(
        "paging",
        () -> {
          List<String> descriptions = new ArrayList<>();
          Set<String> distinct = new HashSet<>();
          for (Charge charge : Charge.list(map("limit", 100, "transfer_group", "paged")).autoPagingIterable()) {
            descriptions.add(charge.getDescription());
            distinct.add(charge.getId());
          }
          return map(
              "count", descriptions.size(),
              "distinct", distinct.size(),
              "newest", descriptions.get(0),
              "oldest", descriptions.get(descriptions.size() - 1));
        });
  }

  static Map<String, Object> feeOf(Charge charge) {
    BalanceTransaction transaction = charge.getBalanceTransactionObject();
    return map("fee", transaction.getFee(), "net", transaction.getNet());
  }

  static void expand() {
    check(
        "expand",
        () -> {
          String id = Charge.create(sample()).getId();
          return feeOf(Charge.retrieve(id, map("expand", Arrays.asList("balance_transaction")), null));
        });
    check(
        "expand_list",
        () -> {
          List<String> expanded = Arrays.asList("data.balance_transaction");
          Map<String, Object> asked = map("limit", 1, "transfer_group", "paged", "expand", expanded);
          return feeOf(Charge.list(asked).getData().get(0));
        });
  }

  static void refusals() {
    RequestOptions wrongKey = RequestOptions.builder().setApiKey("sk_test_wrong").build();
    RequestOptions elsewhere = RequestOptions.builder().setStripeAccount("acct_1NobodyKnowsIt").build();
    RequestOptions sameKey = RequestOptions.builder().setIdempotencyKey("told apart by its amount").build();
    refusal("error_declined", () -> Charge.create(sample("source", "tok_chargeDeclinedInsufficientFunds")));
    refusal("error_cvc", () -> Charge.create(sample("source", "tok_chargeDeclinedIncorrectCvc")));
    refusal("error_invalid", () -> Charge.create(sample("amount", 10)));
    refusal("error_missing", () -> Charge.retrieve("ch_nope"));
    refusal("error_key", () -> Charge.retrieve("ch_nope", wrongKey));
    refusal("error_permission", () -> Charge.retrieve("ch_nope", elsewhere));
    refusal(
        "error_idempotency",
        () -> {
          Charge.create(sample(), sameKey);
          return Charge.create(sample("amount", 1000), sameKey);
        });
    Stripe.overrideApiBase(System.getenv("REFUSING_URL"));
    refusal("error_locked", () -> Charge.retrieve("locked"));
    refusal("error_server", () -> Charge.retrieve("broken"));
    pointAtKoban();
    refusal(
        "error_connection",
        () -> {
          Stripe.overrideApiBase(System.getenv("NOWHERE_URL"));
          try {
            return Charge.retrieve("ch_nope");
          } finally {
            pointAtKoban();
          }
        });
  }

  /** It has no retries of its own, but the JVM sends a POST again by itself; where it does not, the program does. */
  static void retry() {
    check(
        "retry",
        () -> {
          RequestOptions kept = RequestOptions.builder().setIdempotencyKey("kept over a cut").build();
          Stripe.overrideApiBase(System.getenv("CUTTING_URL"));
          Charge charge;
          try {
            charge = Charge.create(sample("transfer_group", "cut"), kept);
          } catch (com.stripe.exception.ApiConnectionException cut) {
            charge = Charge.create(sample("transfer_group", "cut"), kept);
          }
          return map("id", charge.getId());
        });
  }

  public static void main(String[] args) throws StripeException {
    pointAtKoban();
    samples();
    refunds();
    savedCard();
    paging();
    expand();
    refusals();
    retry();
  }
}
