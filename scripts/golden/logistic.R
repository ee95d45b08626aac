# Reference values for logistic regression. Run from the root of the repository:
#   Rscript scripts/golden/logistic.R
# Needs R packages MASS, brglm, brglm2, sandwich, clubSandwich, pROC (Debian r-cran-*).
suppressMessages({
  library(MASS); library(brglm); library(sandwich); library(clubSandwich); library(pROC)
  library(splines)
})
folder <- "Tests/SurveyStatsTests/Golden/logistic"
version <- function(...) paste(sapply(c(...), function(p) paste(p, packageVersion(p))),
                               collapse = ", ")
header <- function(...) paste0("# ", R.version.string, "; ", version(...))
write <- function(frame, name, head) {
  file <- file.path(folder, paste0(name, ".csv"))
  con <- base::file(file, "w")
  writeLines(head, con)
  out <- as.data.frame(lapply(frame, function(x) if (is.numeric(x)) sprintf("%.17g", x) else x))
  names(out) <- names(frame)
  out[] <- lapply(out, function(x) ifelse(as.character(x) == "NA", "", as.character(x)))
  write.csv(out, con, row.names = FALSE, quote = FALSE)
  close(con)
}

birth <- birthwt
birth$race <- c("white", "black", "other")[birth$race]
birth$age_group <- as.character(pmin(pmax(birth$age, 16), 35))
write(birth, "birthwt", header("MASS"))
write(infert[, c("case", "age", "parity", "induced", "spontaneous", "stratum")], "infert",
      header("datasets"))
data(endometrial, package = "brglm2")
write(endometrial, "endometrial", header("brglm2"))

values <- data.frame()
add <- function(model, quantity, term, value) {
  values <<- rbind(values, data.frame(model = model, quantity = quantity,
    term = gsub(",", ";", as.character(term)), value = as.numeric(value)))
}
tight <- glm.control(epsilon = 1e-14, maxit = 100)

# glm takes the information from the weights before its last step: two more steps settle it.
fit_glm <- function(formula, ...) {
  fit <- eval(substitute(glm(formula, ..., family = binomial, control = tight)))
  for (i in 1:2) {
    start <- unname(coef(fit))
    fit <- eval(substitute(glm(formula, ..., family = binomial, control = tight, start = start)))
  }
  fit
}

# Exact profile-likelihood limits: the deviance with one coefficient held by an offset.
profile_limits <- function(fit, X, y, w = rep(1, length(y)), off = rep(0, length(y))) {
  cut <- qchisq(0.95, 1)
  est <- coef(fit); se <- sqrt(diag(vcov(fit)))
  sapply(seq_along(est), function(j) {
    f <- function(b) {
      g <- glm.fit(X[, -j, drop = FALSE], y, weights = w, offset = off + X[, j] * b,
                   family = quasibinomial(), control = tight)
      g$deviance - deviance(fit) - cut
    }
    c(uniroot(f, est[j] + c(-6, 0) * se[j], tol = 1e-12)$root,
      uniroot(f, est[j] + c(0, 6) * se[j], tol = 1e-12)$root)
  })
}

describe <- function(name, fit) {
  add(name, "coefficient", names(coef(fit)), coef(fit))
  add(name, "standard_error", names(coef(fit)), sqrt(diag(vcov(fit))))
  add(name, "deviance", "", deviance(fit)); add(name, "null_deviance", "", fit$null.deviance)
}

main <- fit_glm(low ~ age + lwt + relevel(factor(race), "white") + smoke + ptl + ht + ui + ftv,
            data = birth)
names(main$coefficients) <- c("(Intercept)", "age", "lwt", "race[black]", "race[other]", "smoke",
                              "ptl", "ht", "ui", "ftv")
labels <- names(coef(main))
describe("birthwt", main)
add("birthwt", "aic", "", AIC(main)); add("birthwt", "bic", "", BIC(main))
X <- model.matrix(main); colnames(X) <- labels
limits <- profile_limits(main, X, birth$low)
add("birthwt", "profile_low", labels, limits[1, ])
add("birthwt", "profile_high", labels, limits[2, ])
for (type in c("HC0", "HC1", "HC2", "HC3"))
  add("birthwt", type, labels, sqrt(diag(vcovHC(main, type = type))))
for (type in c("CR0", "CR1", "CR1S", "CR2", "CR3")) {
  v <- vcovCR(main, cluster = birth$age_group, type = type)
  add("birthwt", type, labels, sqrt(diag(v)))
  if (type == "CR2") {
    test <- coef_test(main, v, test = "Satterthwaite")
    df <- if ("df_Satt" %in% names(test)) test$df_Satt else test$df
    add("birthwt", "CR2_df", labels, df)
  }
}
p <- fitted(main); y <- birth$low
add("birthwt", "brier", "", mean((y - p)^2))
add("birthwt", "tjur", "", mean(p[y == 1]) - mean(p[y == 0]))
area <- roc(y, p, quiet = TRUE, direction = "<")
add("birthwt", "auc", "", auc(area)); ci <- ci.auc(area, method = "delong")
add("birthwt", "auc_low", "", ci[1]); add("birthwt", "auc_high", "", ci[3])
for (i in c(1, 50, 189)) {
  add("birthwt", "leverage", i, hatvalues(main)[i])
  add("birthwt", "cook", i, cooks.distance(main)[i])
  add("birthwt", "pearson", i, residuals(main, "pearson")[i])
  add("birthwt", "deviance_residual", i, residuals(main, "deviance")[i])
}
drop <- drop1(main, test = "LRT")
add("birthwt", "lr_test", c("age", "lwt", "race", "smoke", "ptl", "ht", "ui", "ftv"),
    drop$LRT[-1])
add("birthwt", "lr_p", c("age", "lwt", "race", "smoke", "ptl", "ht", "ui", "ftv"),
    drop[["Pr(>Chi)"]][-1])

# Average marginal effects by their definition, standard errors by the delta method.
V <- vcov(main); b <- coef(main)
derivative <- function(j) {
  eta <- drop(X %*% b); q <- plogis(eta); d <- q * (1 - q)
  grad <- colMeans(d * (1 - 2 * q) * b[j] * X); grad[j] <- grad[j] + mean(d)
  c(mean(d * b[j]), sqrt(drop(grad %*% V %*% grad)))
}
contrast <- function(on, off) {
  q1 <- plogis(drop(on %*% b)); q0 <- plogis(drop(off %*% b))
  grad <- colMeans(q1 * (1 - q1) * on - q0 * (1 - q0) * off)
  c(mean(q1 - q0), sqrt(drop(grad %*% V %*% grad)))
}
for (j in c(2, 3)) {
  r <- derivative(j)
  add("birthwt", "ame", labels[j], r[1]); add("birthwt", "ame_se", labels[j], r[2])
}
off <- X; off[, 4:5] <- 0
for (j in 4:5) {
  on <- off; on[, j] <- 1; r <- contrast(on, off)
  add("birthwt", "ame", labels[j], r[1]); add("birthwt", "ame_se", labels[j], r[2])
}

# Weights, offset, splines, polynomials, interactions.
weights <- rep(c(1, 2, 0, 3), length.out = nrow(birth))
weighted <- fit_glm(low ~ age + smoke, data = birth, weights = weights,
                    offset = (lwt - 130) / 100)
describe("weighted", weighted)
spline <- fit_glm(low ~ ns(age, 3) + smoke, data = birth)
names(spline$coefficients) <- c("(Intercept)", "ns(age;3)1", "ns(age;3)2", "ns(age;3)3", "smoke")
describe("spline", spline)
polynomial <- fit_glm(low ~ poly(lwt, 2) + smoke * age, data = birth)
names(polynomial$coefficients) <- c("(Intercept)", "poly(lwt;2)1", "poly(lwt;2)2", "smoke", "age",
                                    "smoke*age")
describe("polynomial", polynomial)
fertility <- fit_glm(case ~ spontaneous + induced + age, data = infert)
describe("infert", fertility)
for (type in c("CR0", "CR1", "CR2", "CR3")) {
  v <- vcovCR(fertility, cluster = infert$stratum, type = type)
  add("infert", type, names(coef(fertility)), sqrt(diag(v)))
  if (type == "CR2") {
    test <- coef_test(fertility, v, test = "Satterthwaite")
    df <- if ("df_Satt" %in% names(test)) test$df_Satt else test$df
    add("infert", "CR2_df", names(coef(fertility)), df)
  }
}

# Firth: brglm for the estimates; the penalised profile by its definition.
penalized <- function(beta, X, y) {
  q <- plogis(drop(X %*% beta))
  sum(y * plogis(drop(X %*% beta), log.p = TRUE) + (1 - y) *
        plogis(-drop(X %*% beta), log.p = TRUE)) +
    determinant(t(X) %*% (q * (1 - q) * X))$modulus / 2
}
firth <- function(X, y, fixed = NULL, at = NULL) {
  beta <- rep(0, ncol(X)); if (!is.null(fixed)) beta[fixed] <- at
  free <- setdiff(seq_len(ncol(X)), fixed)
  for (i in 1:5000) {
    q <- plogis(drop(X %*% beta)); W <- q * (1 - q); info <- t(X) %*% (W * X)
    h <- W * rowSums((X %*% solve(info)) * X)
    step <- solve(info[free, free, drop = FALSE],
                  (t(X) %*% (y - q + h * (0.5 - q)))[free])
    step <- step / max(1, max(abs(step)) / 2)
    beta[free] <- beta[free] + step
    if (max(abs(step)) < 1e-13) break
  }
  beta
}
describe_firth <- function(name, X, y) {
  fit <- brglm(y ~ X - 1, family = binomial, control.brglm = brglm.control(
    br.epsilon = 1e-13, br.maxit = 1000))
  est <- coef(fit); own <- firth(X, y)
  stopifnot(max(abs(est - own)) < 1e-7)
  q <- plogis(drop(X %*% own)); se <- sqrt(diag(solve(t(X) %*% (q * (1 - q) * X))))
  stopifnot(max(abs(se - sqrt(diag(vcov(fit))))) < 1e-5)
  top <- penalized(own, X, y)
  add(name, "coefficient", colnames(X), own); add(name, "standard_error", colnames(X), se)
  add(name, "penalized", "", top)
  for (j in seq_len(ncol(X))) {
    f <- function(b) 2 * (top - penalized(firth(X, y, j, b), X, y)) - qchisq(0.95, 1)
    low <- own[j] - se[j]; while (f(low) < 0) low <- low - se[j]
    high <- own[j] + se[j]; while (f(high) < 0) high <- high + se[j]
    add(name, "profile_low", colnames(X)[j], uniroot(f, c(low, own[j]), tol = 1e-11)$root)
    add(name, "profile_high", colnames(X)[j], uniroot(f, c(own[j], high), tol = 1e-11)$root)
    add(name, "lr_test", colnames(X)[j], 2 * (top - penalized(firth(X, y, j, 0), X, y)))
  }
}
describe_firth("endometrial_firth",
  cbind("(Intercept)" = 1, as.matrix(endometrial[, c("NV", "PI", "EH")])), endometrial$HG)
describe_firth("birthwt_firth", X[, c("(Intercept)", "age", "smoke", "ht")], birth$low)
write(values, "values", header("MASS", "brglm", "brglm2", "sandwich", "clubSandwich", "pROC"))
