# Reference values for models of clustered answers and for elastic-net paths. Run from the root:
#   Rscript scripts/golden/clustered.R
# Needs R packages gee, geepack, lme4, glmnet, MASS (Debian r-cran-*).
suppressMessages({ library(gee); library(geepack); library(lme4); library(glmnet); library(MASS) })
folder <- "Tests/SurveyStatsTests/Golden/clustered"
head <- paste0("# ", R.version.string, "; ", paste(sapply(
  c("gee", "geepack", "lme4", "glmnet"), function(p) paste(p, packageVersion(p))), collapse = ", "))
write <- function(frame, name) {
  con <- file(file.path(folder, paste0(name, ".csv")), "w"); writeLines(head, con)
  out <- as.data.frame(lapply(frame, function(x) if (is.numeric(x)) sprintf("%.17g", x) else x))
  names(out) <- names(frame)
  write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
}
values <- data.frame()
add <- function(model, quantity, term, value)
  values <<- rbind(values, data.frame(model = model, quantity = quantity,
    term = as.character(term), value = as.numeric(value)))

data(ohio, package = "geepack")
write(ohio, "ohio")
# Clusters of unequal size: some answers left out.
uneven <- ohio[!(seq_len(nrow(ohio)) %% 7 %in% c(2, 5)), ]
write(uneven, "uneven")
for (name in c("ohio", "uneven")) {
  d <- if (name == "ohio") ohio else uneven
  for (structure in c("independence", "exchangeable")) {
    model <- paste(name, structure, sep = "_")
    fit <- geeglm(resp ~ age + smoke, id = id, data = d, family = binomial, corstr = structure,
                  control = geese.control(epsilon = 1e-13, maxit = 200))
    add(model, "coefficient", names(coef(fit)), coef(fit))
    add(model, "robust", names(coef(fit)), summary(fit)$coefficients[, "Std.err"])
    add(model, "phi", "", summary(fit)$dispersion[1, 1])
    if (structure == "exchangeable") add(model, "alpha", "", fit$geese$alpha)
    invisible(capture.output(suppressMessages(
      corrected <- gee(resp ~ age + smoke, id = id, data = d, family = binomial,
                       corstr = structure, tol = 1e-12, maxiter = 200))))
    add(model, "corrected_coefficient", names(coef(corrected)), coef(corrected))
    add(model, "corrected_robust", names(coef(corrected)),
        sqrt(diag(corrected$robust.variance)))
    add(model, "corrected_phi", "", corrected$scale)
    if (structure == "exchangeable")
      add(model, "corrected_alpha", "", corrected$working.correlation[1, 2])
  }
  model <- paste(name, "mixed", sep = "_")
  mixed <- glmer(resp ~ age + smoke + (1 | id), data = d, family = binomial, nAGQ = 25,
                 control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12,
                   optCtrl = list(rhoend = 1e-9, maxfun = 1e5)))
  add(model, "coefficient", names(fixef(mixed)), fixef(mixed))
  add(model, "standard_error", names(fixef(mixed)), sqrt(diag(as.matrix(vcov(mixed)))))
  add(model, "sd", "", sqrt(VarCorr(mixed)$id[1]))
  # The log-likelihood itself, by adaptive integration over the intercept at lme4's estimates.
  eta <- drop(model.matrix(mixed) %*% fixef(mixed)); s <- sqrt(VarCorr(mixed)$id[1])
  ll <- sum(sapply(split(seq_len(nrow(d)), d$id), function(rows) {
    f <- Vectorize(function(z) exp(sum(plogis((2 * d$resp[rows] - 1) * (eta[rows] + s * z),
                                              log.p = TRUE)) + dnorm(z, log = TRUE)))
    log(integrate(f, -12, 12, rel.tol = 1e-11, subdivisions = 2000)$value)
  }))
  add(model, "exact_log_likelihood", "", ll)
  add(model, "log_likelihood", "", logLik(mixed))
}

# Laplace's approximation, lme4's default, tightened.
strict <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12,
                       optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
laplace <- function(model, fit) {
  add(model, "coefficient", names(fixef(fit)), fixef(fit))
  add(model, "standard_error", names(fixef(fit)), sqrt(diag(as.matrix(vcov(fit)))))
  add(model, "sd", "", sqrt(VarCorr(fit)$id[1]))
  add(model, "log_likelihood", "", logLik(fit))
}
for (name in c("ohio", "uneven")) {
  d <- if (name == "ohio") ohio else uneven
  laplace(paste(name, "laplace", sep = "_"),
          glmer(resp ~ age + smoke + (1 | id), data = d, family = binomial, control = strict))
}

# Persons by items, as papers by checklist items: the verbal aggression data, one row a person. Eight
# of the items, for lme4's sake.
data(VerbAgg, package = "lme4")
VerbAgg <- droplevels(VerbAgg[VerbAgg$item %in% levels(VerbAgg$item)[1:8], ])
wide <- reshape(VerbAgg[, c("id", "item", "r2", "Anger", "Gender")], idvar = c("id", "Anger", "Gender"),
                timevar = "item", direction = "wide")
items <- levels(VerbAgg$item)
wide <- wide[, c("id", "Anger", "Gender", paste0("r2.", items))]
names(wide) <- c("paper", "anger", "gender", items)
for (item in items) wide[[item]] <- as.integer(wide[[item]] == "Y")
write(wide, "verbagg")
VerbAgg$y <- as.integer(VerbAgg$r2 == "Y")
VerbAgg <- VerbAgg[order(VerbAgg$id), ]
# The most frequent level is the reference, ties by name: all items have the same number of cells.
VerbAgg$item <- relevel(factor(VerbAgg$item, levels = sort(items)), ref = sort(items)[1])
terms <- function(x) { n <- sub("^item", "item[", sub("^Anger$", "anger", sub("^GenderM$", "gender[M]", x)))
  ifelse(startsWith(n, "item["), paste0(n, "]"), n) }
renamed <- function(model, fit) {
  add(model, "coefficient", terms(names(fixef(fit))), fixef(fit))
  add(model, "standard_error", terms(names(fixef(fit))), sqrt(diag(as.matrix(vcov(fit)))))
  add(model, "sd", "", sqrt(VarCorr(fit)$id[1]))
  add(model, "log_likelihood", "", logLik(fit))
}
loose <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-10,
                      optCtrl = list(rhoend = 1e-7, maxfun = 1e5))
renamed("verbagg_laplace", glmer(y ~ Anger + Gender + item + (1 | id), data = VerbAgg,
                                 family = binomial, control = loose))
renamed("verbagg_mixed", glmer(y ~ Anger + Gender + item + (1 | id), data = VerbAgg, nAGQ = 25,
                               family = binomial, control = loose))
for (structure in c("independence", "exchangeable")) {
  fit <- geeglm(y ~ Anger + Gender + item, id = id, data = VerbAgg, family = binomial,
                corstr = structure, control = geese.control(epsilon = 1e-13, maxit = 200))
  model <- paste("verbagg", structure, sep = "_")
  add(model, "coefficient", terms(names(coef(fit))), coef(fit))
  add(model, "robust", terms(names(coef(fit))), summary(fit)$coefficients[, "Std.err"])
  if (structure == "exchangeable") add(model, "alpha", "", fit$geese$alpha)
}

X <- as.matrix(birthwt[, c("age", "lwt", "smoke", "ptl", "ht", "ui", "ftv")]); y <- birthwt$low
for (alpha in c(0, 0.5, 1)) {
  lambda <- if (alpha == 0) c(1, 0.1, 0.01) else c(0.1, 0.05, 0.01, 0.001)
  fit <- glmnet(X, y, family = "binomial", alpha = alpha, lambda = lambda, thresh = 1e-16,
                maxit = 1e7)
  for (k in seq_along(lambda)) {
    model <- paste("net", alpha, lambda[k], sep = "_")
    add(model, "coefficient", c("(Intercept)", colnames(X)),
        c(fit$a0[k], as.matrix(fit$beta)[, k]))
  }
}
write(values, "values")
