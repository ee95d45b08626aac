# Writes the reference values of factors, rotations and fit (factors.csv), of reliability
# (reliability.csv) and of item response models (item_response.csv), and the answers of LSAT 7
# (lsat7.csv; those of LSAT 6 and ability are in ../correlation). Run in the folder Tests/SurveyStatsTests/Golden/factors.
# Needs psych, psychTools, GPArotation, lme4, numDeriv.
suppressMessages({library(psych); library(GPArotation)})
options(digits = 17)
version <- function(p) paste(p, as.character(packageVersion(p)))
header <- paste0("# R ", getRversion(), ", ", version("psych"), ", ", version("GPArotation"), ", ",
                 version("lme4"), ", scripts/golden/factors.R")

rows <- list()
put <- function(case, quantity, value) {
  value <- unclass(value)
  if (is.matrix(value)) {
    i <- row(value); j <- col(value)
  } else { i <- seq_along(value); j <- rep(1, length(value)) }
  rows[[length(rows) + 1]] <<- data.frame(case, quantity, row = as.vector(i) - 1,
    column = as.vector(j) - 1, value = sprintf("%.17g", as.vector(value)))
}
save <- function(file) {
  out <- file(file, "w"); writeLines(header, out)
  write.csv(do.call(rbind, rows), out, row.names = FALSE, quote = FALSE); close(out)
  rows <<- list()
}

# ---- factors -------------------------------------------------------------------------------------

bfi.items <- bfi[, 1:25]
bfi.complete <- bfi.items[complete.cases(bfi.items), ]
cases <- list(
  harman74 = list(R = Harman74.cor$cov, n = 145, m = 4),
  ability_cov = list(R = cov2cor(ability.cov$cov), n = 112, m = 2),
  bfi = list(R = cor(bfi.complete), n = nrow(bfi.complete), m = 5))

# Minres to a gradient of 1e-13, in R alone: the unexplained sum of squares, its gradient, nlminb,
# then plain fixed-point steps h2 <- diag(LL').
minres <- function(R, m) {
  loadings <- function(psi) {
    e <- eigen(R - diag(psi), symmetric = TRUE)
    e$vectors[, 1:m, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:m], 0)), m)
  }
  f <- function(psi) {
    r <- R - tcrossprod(loadings(psi)); diag(r) <- 0; sum(r^2) / 2
  }
  f <- function(psi) sum(eigen(R - diag(psi), symmetric = TRUE, only.values = TRUE)$values[-(1:m)]^2) / 2
  g <- function(psi) { L <- loadings(psi); rowSums(L^2) + psi - diag(R) }
  fit <- nlminb(1 / diag(solve(R)), f, g, lower = 0.005, upper = 1,
                control = list(rel.tol = 1e-15, x.tol = 1e-15, eval.max = 1e5, iter.max = 1e5))
  psi <- fit$par
  free <- psi > 0.005
  for (i in 1:20000) {
    L <- loadings(psi); new <- pmin(pmax(1 - rowSums(L^2), 0.005), 1)
    if (max(abs(new - psi)) < 1e-15) break
    psi <- new
  }
  list(psi = psi, L = loadings(psi))
}

# Fit with the formulas of Lawley and Maxwell, Tucker and Lewis, Bentler, Steiger and Lind.
fit.statistics <- function(R, Sigma, n, m) {
  p <- nrow(R); df <- ((p - m)^2 - (p + m)) / 2
  F <- determinant(Sigma)$modulus[1] - determinant(R)$modulus[1] + sum(diag(solve(Sigma, R))) - p
  F0 <- -determinant(R)$modulus[1]; df0 <- p * (p - 1) / 2
  c0 <- n - 1 - (2 * p + 5) / 6; c <- c0 - 2 * m / 3
  x <- c * F; x0 <- c0 * F0
  root <- function(q) {
    g <- function(l) pchisq(x, df, l) - q
    if (g(0) <= 0) 0 else uniroot(g, c(0, 10 * x + 100), tol = 1e-12)$root
  }
  res <- R - Sigma; diag(res) <- 0
  c(discrepancy = F, df = df, chi_square = x, p = pchisq(x, df, lower.tail = FALSE),
    null_chi_square = x0, rmsea = sqrt(max(x - df, 0) / (df * (n - 1))),
    rmsea_low = sqrt(root(0.95) / (df * (n - 1))), rmsea_high = sqrt(root(0.05) / (df * (n - 1))),
    tli = (F0 / df0 - F / df) / (F0 / df0 - 1 / c),
    cfi = 1 - max(x - df, 0) / max(x0 - df0, x - df, 0),
    rmsr = sqrt(sum(res^2) / (p * (p - 1))), srmr = sqrt(sum(res^2) / 2 / (p * (p + 1) / 2)),
    bic = x - df * log(n))
}

# The best of 21 starts, found loosely and then followed to a small projected gradient.
best.rotation <- function(A, rotate, eps = 1e-7) {
  set.seed(1); best <- NULL
  for (s in 0:20) {
    T <- if (s == 0) diag(ncol(A)) else Random.Start(ncol(A))
    fit <- try(suppressWarnings(rotate(A, T, 1e-4, 1000)), silent = TRUE)
    if (inherits(fit, "try-error")) next
    if (is.null(best) || min(fit$Table[, 2]) < min(best$Table[, 2]) - 1e-10) best <- fit
  }
  rotate(A, best$Th, eps, 20000)
}

for (name in names(cases)) {
  message(name); R <- cases[[name]]$R; n <- cases[[name]]$n; m <- cases[[name]]$m
  put(name, "correlations", R); put(name, "n", n); put(name, "factors", m)
  ml <- factanal(factors = m, covmat = list(cov = R, n.obs = n), rotation = "none",
    control = list(nstart = 10, opt = list(factr = 1, pgtol = 0, maxit = 100000)))
  put(name, "ml_uniquenesses", ml$uniquenesses)
  put(name, "factanal_statistic", c(ml$STATISTIC, ml$dof, ml$PVAL))
  A <- unclass(ml$loadings); attributes(A) <- list(dim = dim(A))
  put(name, "ml_loadings", A)
  Sigma <- tcrossprod(A) + diag(ml$uniquenesses)
  s <- fit.statistics(R, Sigma, n, m); put(name, "ml_fit", s)
  u <- minres(R, m)
  put(name, "minres_uniquenesses", u$psi)
  Sigma <- tcrossprod(u$L); diag(Sigma) <- 1
  put(name, "minres_fit", fit.statistics(R, Sigma, n, m))
  put(name, "psych_minres_communalities", fa(R, m, n.obs = n, rotate = "none", fm = "minres")$communality)
  pa <- fa(R, m, n.obs = n, rotate = "none", fm = "pa", min.err = 1e-10, max.iter = 20000)
  put(name, "psych_pa_communalities", pa$communality)
  k <- KMO(R); put(name, "kmo", c(k$MSA, k$MSAi))
  b <- cortest.bartlett(R, n = n); put(name, "bartlett", c(b$chisq, b$p.value, b$df))

  v <- varimax(A, normalize = TRUE, eps = 1e-16); put(name, "varimax", v$loadings)
  v0 <- varimax(A, normalize = FALSE, eps = 1e-16); put(name, "varimax_raw", v0$loadings)
  pro <- promax(v$loadings, m = 4); put(name, "promax", pro$loadings)
  M <- v$rotmat %*% pro$rotmat; put(name, "promax_phi", solve(crossprod(M)))
  q <- best.rotation(A, function(A, T, eps, maxit) GPForth(A, T, method = "quartimax",
    eps = eps, maxit = maxit), eps = 1e-9)
  put(name, "quartimax", q$loadings)
  for (normalize in c(FALSE, TRUE)) {
    suffix <- if (normalize) "_kaiser" else ""
    o <- best.rotation(A, function(A, T, eps, maxit) GPFoblq(A, T, normalize = normalize, method = "quartimin",
      eps = eps, maxit = maxit))
    put(name, paste0("oblimin", suffix), o$loadings); put(name, paste0("oblimin_phi", suffix), o$Phi)
    put(name, paste0("oblimin_value", suffix), min(o$Table[, 2]))
  }
  o <- best.rotation(A, function(A, T, eps, maxit) GPFoblq(A, T, method = "oblimin", methodArgs = list(gam = -0.5),
    eps = eps, maxit = maxit))
  put(name, "oblimin_gamma", o$loadings); put(name, "oblimin_gamma_phi", o$Phi)
  g <- best.rotation(A, function(A, T, eps, maxit) GPFoblq(A, T, method = "geomin", methodArgs = list(delta = 0.01),
    eps = eps, maxit = maxit))
  put(name, "geomin", g$loadings); put(name, "geomin_phi", g$Phi)
  put(name, "geomin_value", min(g$Table[, 2]))

  # Targets: a partial one (cross-loadings of the varimax solution below .2 are to be 0) and the
  # clusters of largest loadings.
  partial <- ifelse(abs(unclass(v$loadings)) < 0.2, 0, NA); attributes(partial) <- list(dim = dim(A))
  put(name, "partial_target", partial)
  tq <- best.rotation(A, function(A, T, eps, maxit) targetQ(A, T, Target = partial, eps = eps, maxit = maxit))
  put(name, "target_oblique", tq$loadings); put(name, "target_oblique_phi", tq$Phi)
  tt <- best.rotation(A, function(A, T, eps, maxit) targetT(A, T, Target = partial, eps = eps, maxit = maxit))
  put(name, "target_orthogonal", tt$loadings)
  keys <- matrix(0, nrow(A), m)
  keys[cbind(seq_len(nrow(A)), max.col(abs(unclass(v$loadings)), ties.method = "first"))] <- 1
  put(name, "keys", keys)
  tr <- target.rot(A, keys); put(name, "target_rot", tr$loadings); put(name, "target_rot_phi", tr$Phi)
  put(name, "congruence", factor.congruence(A, keys, digits = 15))
  # Clusters as a partial target: free within, zero without.
  free <- ifelse(keys == 1, NA, 0)
  gq <- best.rotation(A, function(A, T, eps, maxit) targetQ(A, T, Target = free, eps = eps, maxit = maxit))
  put(name, "groups", gq$loadings); put(name, "groups_phi", gq$Phi)
}
save("factors.csv")

# ---- answers -------------------------------------------------------------------------------------

out <- file("lsat7.csv", "w")
writeLines(paste0("# psych::lsat7 (Bock & Lieberman 1970); psych ", packageVersion("psych")), out)
write.csv(lsat7, out, row.names = FALSE, quote = FALSE)
close(out)

# ---- reliability ---------------------------------------------------------------------------------

answers <- as.matrix(psychTools::ability)
complete <- answers[complete.cases(answers), ]
reliability <- function(name, X) {
  S <- cov(X, use = "pairwise"); R <- cov2cor(S)
  a <- suppressWarnings(psych::alpha(as.data.frame(X), check.keys = FALSE))
  put(name, "alpha", c(a$total$raw_alpha, a$total$std.alpha, a$total$average_r))
  put(name, "alpha_if_dropped", a$alpha.drop$raw_alpha)
  put(name, "item_total", a$item.stats$raw.r)
  put(name, "item_rest_covariance", a$item.stats$r.drop)
  rest <- sapply(seq_len(ncol(X)), function(j)
    cor(X[, j], rowMeans(X[, -j], na.rm = TRUE), use = "complete.obs"))
  put(name, "item_rest", rest)
  n <- nrow(X); k <- ncol(X)
  f <- alpha.ci(a$total$raw_alpha, n.obs = n, n.var = k, p.val = 0.05)
  put(name, "feldt", c(f$lower.ci, f$upper.ci))
  s <- splitHalf(R, raw = TRUE, brute = TRUE, check.keys = FALSE)
  put(name, "split_correlation", c(s$maxrb, s$minrb, s$meanr, median(s$raw)))
  suppressWarnings(suppressMessages(g <- guttman(R)))
  put(name, "guttman_correlation",
    c(g$lambda.1, g$lambda.2, g$lambda.3, g$lambda.4, g$lambda.5, g$lambda.6))
  # The same bounds on covariances, from their formulas.
  V <- sum(S); off <- S; diag(off) <- 0; l1 <- 1 - sum(diag(S)) / V
  put(name, "guttman_covariance", c(l1, l1 + sqrt(k / (k - 1) * sum(off^2)) / V, k / (k - 1) * l1,
    l1 + 2 * sqrt(max(colSums(off^2))) / V, 1 - sum(1 / diag(solve(S))) / V))
}
reliability("ability_complete", complete)
ten <- complete[, 1:10]
reliability("ability_ten", ten)
reliability("ability_pairwise", answers)
lsat <- list(lsat6 = as.matrix(lsat6), lsat7 = as.matrix(lsat7))
for (set in c("lsat6", "lsat7")) reliability(set, lsat[[set]])

omega.values <- function(name, R, m, n) {
  suppressWarnings(suppressMessages({
    o <- omega(R, nfactors = m, n.obs = n, plot = FALSE, flip = FALSE)
  }))
  put(name, paste0("psych_omega_", m), c(o$omega_h, o$omega.tot, o$omega.lim))
  # The same from converged solutions: minres as above, quartimin from 60 starts, minres of Phi.
  u <- minres(R, m)
  if (m > 1) {
    q <- best.rotation(u$L, function(A, T, eps, maxit) GPFoblq(A, T, method = "quartimin", eps = eps, maxit = maxit))
    L <- unclass(q$loadings); Phi <- q$Phi
    s <- sign(colSums(L)); L <- L %*% diag(s); Phi <- diag(s) %*% Phi %*% diag(s)
    gamma <- if (m == 2) rep(sqrt(Phi[1, 2]), 2) else { h <- minres(Phi, 1); abs(h$L[, 1]) * sign(h$L[, 1]) }
    if (sum(gamma) < 0) gamma <- -gamma
    g <- as.vector(L %*% gamma); group <- L %*% diag(sqrt(1 - gamma^2))
    put(name, paste0("omega_", m), c(sum(g)^2 / sum(R), 1 - sum(1 - rowSums(u$L^2)) / sum(R),
      sum(g^2) / (sum(g^2) + sum(group^2))))
    put(name, paste0("general_", m), g)
  } else put(name, "omega_1", 1 - sum(1 - rowSums(u$L^2)) / sum(R))
}
omega.values("ability_complete", cor(complete), 1, nrow(complete))
omega.values("ability_complete", cor(complete), 2, nrow(complete))
omega.values("ability_complete", cor(complete), 3, nrow(complete))
omega.values("ability_complete", cor(complete), 4, nrow(complete))
omega.values("harman74", Harman74.cor$cov, 4, 145)

# Scores of the first people on two oblique factors of the complete answers, from psych's formulas.
R <- cor(complete); u <- minres(R, 2)
q <- best.rotation(u$L, function(A, T, eps, maxit) GPFoblq(A, T, method = "quartimin", eps = eps, maxit = maxit))
s <- sign(colSums(q$loadings)); L <- unclass(q$loadings) %*% diag(s)
Phi <- diag(s) %*% q$Phi %*% diag(s)
order <- order(-diag(Phi %*% crossprod(L))); L <- L[, order]; Phi <- Phi[order, order]
put("ability_complete", "scored_pattern", L); put("ability_complete", "scored_phi", Phi)
for (method in c("Thurstone", "Bartlett", "tenBerge")) {
  f <- factor.scores(complete, L, Phi = Phi, method = method)
  put("ability_complete", paste0("weights_", tolower(method)), f$weights)
  put("ability_complete", paste0("scores_", tolower(method)), f$scores[1:12, ])
}
f <- factor.scores(complete, L, Phi = Phi, method = "Thurstone")
put("ability_complete", "determinacy_squared", f$R2)
save("reliability.csv")

# ---- item response -------------------------------------------------------------------------------

# Marginal maximum likelihood by brute force: 161 Gauss-Hermite nodes, nlminb, numDeriv.
hermite <- function(n) {
  J <- matrix(0, n, n); for (i in 1:(n - 1)) J[i, i + 1] <- J[i + 1, i] <- sqrt(i)
  e <- eigen(J, symmetric = TRUE); list(x = e$values, w = e$vectors[1, ]^2)
}
rule <- hermite(161)
item.response <- function(name, X, n, kind) {
  p <- ncol(X); Y <- ifelse(is.na(X), 0, X); O <- 1 * !is.na(X)
  unpack <- function(par) if (kind == "1pl") list(a = rep(par[1], p), d = par[-1]) else
    list(a = par[1:p], d = par[p + 1:p])
  posterior <- function(par) {
    q <- unpack(par); eta <- outer(q$a, rule$x) + q$d
    l <- Y %*% eta + O %*% plogis(-eta, log.p = TRUE) + rep(log(pmax(rule$w, 1e-300)), each = nrow(Y))
    m <- apply(l, 1, max); e <- exp(l - m); list(e = e / rowSums(e), l = m + log(rowSums(e)), eta = eta)
  }
  f <- function(par) -sum(n * posterior(par)$l)
  g <- function(par) {
    r <- posterior(par); W <- r$e * n; P <- plogis(r$eta)
    D <- crossprod(Y, W) - crossprod(O, W) * P
    da <- as.vector(D %*% rule$x); dd <- rowSums(D)
    -c(if (kind == "1pl") sum(da) else da, dd)
  }
  start <- c(rep(1, if (kind == "1pl") 1 else p), qlogis(colSums(Y * n) / colSums(O * n)))
  fit <- nlminb(start, f, g, control = list(rel.tol = 1e-15, x.tol = 1e-15, eval.max = 1e5, iter.max = 1e5))
  par <- fit$par
  for (i in 1:3) par <- par - solve(numDeriv::jacobian(g, par), g(par))
  H <- numDeriv::jacobian(g, par); V <- solve((H + t(H)) / 2); q <- unpack(par)
  case <- paste0(name, "_", kind)
  put(case, "log_likelihood", -f(par)); put(case, "slopes", q$a); put(case, "intercepts", q$d)
  put(case, "covariance", V)
  r <- posterior(par); eap <- as.vector(r$e %*% rule$x)
  sd <- sqrt(as.vector(r$e %*% rule$x^2) - eap^2)
  any <- rowSums(O) > 0
  put(case, "empirical_reliability", var(eap[any]) / (var(eap[any]) + mean(sd[any]^2)))
  # Mean squares of residuals from the prediction of each answer by the others.
  P <- plogis(r$eta)
  predicted <- sapply(seq_len(p), function(j) {
    l <- Y[, -j] %*% r$eta[-j, ] + O[, -j] %*% plogis(-r$eta[-j, ], log.p = TRUE) +
      rep(log(pmax(rule$w, 1e-300)), each = nrow(Y))
    e <- exp(l - apply(l, 1, max)); as.vector(e %*% P[j, ]) / rowSums(e)
  })
  square <- O * (Y - predicted)^2; spread <- O * predicted * (1 - predicted)
  put(case, "outfit", colSums(square / (predicted * (1 - predicted))) / colSums(O))
  put(case, "infit", colSums(square) / colSums(spread))
  put(case, "eap", eap[1:20]); put(case, "eap_se", sd[1:20])
  put(case, "max_gradient", max(abs(g(par))))
}
for (set in c("lsat6", "lsat7")) for (kind in c("1pl", "2pl")) {
  item.response(set, lsat[[set]], rep(1, 1000), kind)
}
item.response("ability", answers, rep(1, nrow(answers)), "1pl")
item.response("ability", answers, rep(1, nrow(answers)), "2pl")
suppressMessages(library(lme4))
X <- lsat$lsat6
long <- data.frame(y = as.vector(X), item = factor(rep(1:5, each = nrow(X))),
                   person = factor(rep(seq_len(nrow(X)), 5)))
g <- glmer(y ~ 0 + item + (1 | person), long, family = binomial, nAGQ = 100)
put("lsat6_1pl", "lme4", c(sqrt(unlist(VarCorr(g))), fixef(g)))
put("lsat6_1pl", "lme4_log_likelihood", as.numeric(logLik(g)))
save("item_response.csv")
