# Effects in clusters, by metafor and clubSandwich, and Kenward and Roger's tests by dense matrices.
#
# Run from the root of the repository: Rscript scripts/golden/meta_clusters.R
# Data: metadat. clusters.csv has data, model, quantity, value. Kenward and Roger's formulas are worked out
# with whole matrices; the same function agrees with pbkrtest on a model of lme4, which is checked first.

suppressMessages({library(metafor); library(clubSandwich); library(lme4); library(pbkrtest)})
text <- function(x) ifelse(is.na(x), "NA", sprintf("%.17g", x))
values <- character()
say <- function(data, model, ...) {
  given <- c(...)
  values <<- c(values, paste(data, model, names(given), text(given), sep = ","))
}
tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15)

# Kenward & Roger (1997) for V = S + sum theta G at its REML estimates.
kenward <- function(X, V, G, L) {
  W <- solve(V); Phi <- solve(t(X) %*% W %*% X)
  P <- W - W %*% X %*% Phi %*% t(X) %*% W
  r <- length(G)
  info <- matrix(0, r, r)
  for (i in 1:r) for (j in 1:r) info[i, j] <- sum(diag(P %*% G[[i]] %*% P %*% G[[j]])) / 2
  C <- solve(info)
  Pi <- lapply(G, function(g) -t(X) %*% W %*% g %*% W %*% X)
  U <- 0
  for (i in 1:r) for (j in 1:r) {
    Q <- t(X) %*% W %*% G[[i]] %*% W %*% G[[j]] %*% W %*% X
    U <- U + C[i, j] * (Q - Pi[[i]] %*% Phi %*% Pi[[j]])
  }
  PhiA <- Phi + 2 * Phi %*% U %*% Phi
  l <- nrow(L)
  Theta <- t(L) %*% solve(L %*% Phi %*% t(L)) %*% L
  A1 <- A2 <- 0
  for (i in 1:r) for (j in 1:r) {
    a <- Theta %*% Phi %*% Pi[[i]] %*% Phi; b <- Theta %*% Phi %*% Pi[[j]] %*% Phi
    A1 <- A1 + C[i, j] * sum(diag(a)) * sum(diag(b)); A2 <- A2 + C[i, j] * sum(diag(a %*% b))
  }
  B <- (A1 + 6 * A2) / (2 * l)
  g <- ((l + 1) * A1 - (l + 4) * A2) / ((l + 2) * A2)
  d <- 3 * l + 2 * (1 - g)
  E <- 1 / (1 - A2 / l)
  Vs <- 2 / l * (1 + g / d * B) / ((1 - (l - g) / d * B)^2 * (1 - (l + 2 - g) / d * B))
  rho <- Vs / (2 * E^2)
  m <- 4 + (l + 2) / (l * rho - 1)
  lambda <- m / (E * (m - 2))
  # Where the moments are none of an F distribution, those of equal variances.
  if (A2 >= l || (l - g) / d * B >= 1 || (l + 2 - g) / d * B >= 1 || l * rho <= 1) {
    m <- 2 * l / A2
    lambda <- 1
  }
  # Degrees of freedom of single coefficients by Satterthwaite, from numerical slopes of their variances.
  h <- 1e-5
  free <- sapply(seq_len(ncol(X)), function(k) {
    slope <- sapply(G, function(gi) {
      at <- function(s) solve(t(X) %*% solve(V + s * gi) %*% X)[k, k]
      step <- h * min(diag(V))
      (at(step) - at(-step)) / (2 * step)
    })
    2 * Phi[k, k]^2 / drop(t(slope) %*% C %*% slope)
  })
  list(PhiA = PhiA, se = sqrt(diag(PhiA)), free = free, lambda = lambda, m = m, L = L)
}
wald <- function(k, b, covariance = k$PhiA) {
  d <- k$L %*% b
  f <- k$lambda * drop(t(d) %*% solve(k$L %*% covariance %*% t(k$L)) %*% d) / nrow(k$L)
  c(f = f, df = k$m, p = pf(f, nrow(k$L), k$m, lower.tail = FALSE))
}

# The function agrees with pbkrtest.
data(sleepstudy, package = "lme4")
big <- lmer(Reaction ~ Days + I(Days^2) + (1 | Subject), sleepstudy)
small <- lmer(Reaction ~ 1 + (1 | Subject), sleepstudy)
X <- model.matrix(big); Z <- as.matrix(getME(big, "Z"))
vc <- as.data.frame(VarCorr(big))$vcov
own <- kenward(X, vc[1] * Z %*% t(Z) + vc[2] * diag(nrow(X)), list(Z %*% t(Z), diag(nrow(X))),
               rbind(c(0, 1, 0), c(0, 0, 1)))
theirs <- KRmodcomp(big, small)$test["Ftest", ]
stopifnot(abs(wald(own, fixef(big))[["f"]] / theirs$stat - 1) < 1e-6, abs(own$m / theirs$ddf - 1) < 1e-6)

# A regression on latitude and allocation, two levels.
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
for (mods in c("~ 1", "~ ablat", "~ ablat + year")) {
  m <- rma(yi, vi, mods = as.formula(mods), data = bcg, method = "REML",
           control = list(tol = 1e-14, threshold = 1e-14, maxiter = 1e5))
  X <- model.matrix(m); p <- ncol(X)
  L <- if (p == 1) matrix(1) else diag(p)[-1, , drop = FALSE]
  k <- kenward(X, diag(bcg$vi + m$tau2), list(diag(nrow(bcg))), L)
  say("bcg", sub("~ ", "kr ", mods), setNames(c(k$se, k$free), c(paste0("se", 1:p), paste0("df", 1:p))),
      wald(k, coef(m)))
}

# Schools in districts.
kon <- metadat::dat.konstantopoulos2011
kon$district <- factor(kon$district)
kon$centred <- (kon$year - 1985) / 10
kon$square <- kon$centred^2
m <- rma.mv(yi, vi, mods = ~ centred + square, random = ~ 1 | district / school, data = kon, control = tight)
X <- model.matrix(m)
block <- 1 * outer(kon$district, kon$district, "==")
k <- kenward(X, m$M, list(block, diag(nrow(kon))), diag(3)[-1, ])
say("konstantopoulos", "kr", setNames(c(k$se, k$free), c(paste0("se", 1:3), paste0("df", 1:3))), wald(k, coef(m)))
robust <- coef_test(m, vcov = "CR2", cluster = kon$district, test = "Satterthwaite")
say("konstantopoulos", "CR2", setNames(c(coef(m), robust$SE, robust$df),
  c(paste0("b", 1:3), paste0("se", 1:3), paste0("df", 1:3))))
joint <- Wald_test(m, constraints = constrain_zero(2:3), vcov = "CR2", cluster = kon$district, test = "HTZ")
say("konstantopoulos", "HTZ", c(f = joint$Fstat, df = joint$df_denom, p = joint$p_val))

# Two outcomes of periodontal surgery; the sampling correlation is given.
berkey <- metadat::dat.berkey1998
for (rho in c(0, 0.4)) for (struct in c("UN", "DIAG")) {
  V <- vcalc(vi, cluster = trial, obs = outcome, data = berkey, rho = rho)
  m <- rma.mv(yi, V, mods = ~ outcome - 1, random = ~ outcome | trial, struct = struct, data = berkey,
              control = tight)
  name <- paste(struct, rho)
  say("berkey", name, c(b1 = coef(m)[[1]], b2 = coef(m)[[2]], se1 = m$se[1], se2 = m$se[2],
    tau2_1 = m$tau2[1], tau2_2 = m$tau2[2], rho = if (struct == "UN") m$rho else 0, ll = c(logLik(m)), q = m$QE))
  robust <- coef_test(m, vcov = "CR2", cluster = berkey$trial, test = "Satterthwaite")
  say("berkey", paste(name, "CR2"), c(se1 = robust$SE[1], se2 = robust$SE[2], df1 = robust$df[1], df2 = robust$df[2]))
  joint <- Wald_test(m, constraints = constrain_zero(1:2), vcov = "CR2", cluster = berkey$trial, test = "HTZ")
  say("berkey", paste(name, "HTZ"), c(f = joint$Fstat, df = joint$df_denom, p = joint$p_val))
  X <- model.matrix(m)
  same <- outer(berkey$trial, berkey$trial, "=="); o <- berkey$outcome
  G <- list(1 * (same & outer(o == "AL", o == "AL")), 1 * (same & outer(o == "PD", o == "PD")))
  if (struct == "UN") G <- c(G, list(1 * (same & outer(o, o, "!="))))
  k <- kenward(X, m$M, G, diag(2))
  say("berkey", paste(name, "kr"), setNames(c(k$se, k$free), c("se1", "se2", "df1", "df2")), wald(k, coef(m)))
}
writeLines(c(paste("#", R.version.string, "metafor", packageVersion("metafor"), "clubSandwich",
                   packageVersion("clubSandwich"), "pbkrtest", packageVersion("pbkrtest")),
             "data,model,quantity,value", values), "Tests/MetaAnalysisTests/Golden/clusters.csv")
