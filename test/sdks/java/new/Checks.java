import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.ChargeCreateParams;
import com.stripe.param.ChargeListParams;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.RefundCreateParams;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

public class Checks {
  static final Gson JSON = new GsonBuilder().serializeNulls().create();

  // snippet: start
  static StripeClient koban() {
    return StripeClient.builder()
        .setApiKey(System.getenv("KOBAN_KEY"))
        .setApiBase(System.getenv("KOBAN_URL"))
        .build();
  }
  // snippet: end

  static final StripeClient client = koban();

  static StripeClient at(String url, String key) {
    return StripeClient.builder().setApiKey(key).setApiBase(url).setMaxNetworkRetries(2).build();
  }

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

  static ChargeCreateParams.Builder sample() {
    return ChargeCreateParams.builder()
        .setAmount(999L)
        .setCurrency("usd")
        .setDescription("Example charge")
        .setSource("tok_visa");
  }

  static Charge create(ChargeCreateParams.Builder params) throws StripeException {
    return client.v1().charges().create(params.build());
  }

  static void samples() throws StripeException {
    check(
        "charge",
        () -> {
          Charge charge = create(sample());
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
          Charge charge = create(sample().setStatementDescriptor("Custom descriptor"));
          return map("statement_descriptor", charge.getStatementDescriptor(), "paid", charge.getPaid());
        });
    Charge held = create(sample().setCapture(false));
    check("authorize", () -> map("paid", held.getPaid(), "captured", held.getCaptured()));
    check(
        "capture",
        () -> {
          Charge captured = client.v1().charges().capture(held.getId());
          return map("same", captured.getId().equals(held.getId()), "captured", captured.getCaptured());
        });
    check(
        "metadata",
        () -> map("order_id", create(sample().putMetadata("order_id", "6735")).getMetadata().get("order_id")));
  }

  static Map<String, Object> refund(String id, Long amount) throws StripeException {
    RefundCreateParams.Builder params = RefundCreateParams.builder().setCharge(id);
    if (amount != null) params.setAmount(amount);
    Refund refund = client.v1().refunds().create(params.build());
    Charge charge = client.v1().charges().retrieve(id);
    return map(
        "status", refund.getStatus(),
        "amount", refund.getAmount(),
        "amount_refunded", charge.getAmountRefunded(),
        "refunded", charge.getRefunded());
  }

  static void refunds() throws StripeException {
    String id = create(sample()).getId();
    check("refund", () -> refund(id, 400L));
    check("refund_rest", () -> refund(id, null));
  }

  static void savedCard() {
    check(
        "saved_card",
        () -> {
          CustomerCreateParams saved = CustomerCreateParams.builder().setSource("tok_visa").build();
          Customer customer = client.v1().customers().create(saved);
          ChargeCreateParams.Builder params = ChargeCreateParams.builder().setAmount(999L).setCurrency("usd");
          Charge charge = create(params.setCustomer(customer.getId()));
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
          ChargeListParams asked = ChargeListParams.builder().setLimit(100L).setTransferGroup("paged").build();
          for (Charge charge : client.v1().charges().list(asked).autoPagingIterable()) {
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
          ChargeRetrieveParams asked = ChargeRetrieveParams.builder().addExpand("balance_transaction").build();
          return feeOf(client.v1().charges().retrieve(create(sample()).getId(), asked));
        });
    check(
        "expand_list",
        () -> {
          ChargeListParams.Builder asked = ChargeListParams.builder().setLimit(1L).setTransferGroup("paged");
          asked.addExpand("data.balance_transaction");
          return feeOf(client.v1().charges().list(asked.build()).getData().get(0));
        });
  }

  static void refusals() {
    String url = System.getenv("KOBAN_URL");
    RequestOptions elsewhere = RequestOptions.builder().setStripeAccount("acct_1NobodyKnowsIt").build();
    RequestOptions sameKey = RequestOptions.builder().setIdempotencyKey("told apart by its amount").build();
    refusal("error_declined", () -> create(sample().setSource("tok_chargeDeclinedInsufficientFunds")));
    refusal("error_cvc", () -> create(sample().setSource("tok_chargeDeclinedIncorrectCvc")));
    refusal("error_invalid", () -> create(sample().setAmount(10L)));
    refusal("error_missing", () -> client.v1().charges().retrieve("ch_nope"));
    refusal("error_key", () -> at(url, "sk_test_wrong").v1().charges().retrieve("ch_nope"));
    refusal("error_permission", () -> client.v1().charges().retrieve("ch_nope", elsewhere));
    refusal(
        "error_idempotency",
        () -> {
          client.v1().charges().create(sample().build(), sameKey);
          return client.v1().charges().create(sample().setAmount(1000L).build(), sameKey);
        });
    StripeClient refusing = at(System.getenv("REFUSING_URL"), System.getenv("KOBAN_KEY"));
    refusal("error_locked", () -> refusing.v1().charges().retrieve("locked"));
    refusal("error_server", () -> refusing.v1().charges().retrieve("broken"));
    String nowhere = System.getenv("NOWHERE_URL");
    refusal("error_connection", () -> at(nowhere, System.getenv("KOBAN_KEY")).v1().charges().retrieve("ch_nope"));
  }

  static void retry() {
    check(
        "retry",
        () -> {
          StripeClient cut = at(System.getenv("CUTTING_URL"), System.getenv("KOBAN_KEY"));
          return map("id", cut.v1().charges().create(sample().setTransferGroup("cut").build()).getId());
        });
  }

  public static void main(String[] args) throws StripeException {
    samples();
    refunds();
    savedCard();
    paging();
    expand();
    refusals();
    retry();
  }
}
