module checks

go 1.23

require github.com/stripe/stripe-go/v86 v86.2.0
