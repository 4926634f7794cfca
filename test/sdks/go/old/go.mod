module checks

go 1.13

require github.com/stripe/stripe-go v70.15.0+incompatible
