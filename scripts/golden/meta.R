# Meta-analyses of public data sets by metafor, and likelihoods by brute force.
#
# Run from the root of the repository: Rscript scripts/golden/meta.R
# Data: metadat. studies.csv has the columns of each data set by role; values.csv has the references:
# data, model, quantity, value. Likelihoods are maximised over a sum of 1201 points of the normal density,
# which has nothing in common with adaptive quadrature, beside metafor's own.

suppressMessages(library(metafor))
folder <- "Tests/MetaAnalysisTests/Golden/"
dir.create(folder, showWarnings = FALSE)
text <- function(x) ifelse(is.na(x), "NA", sprintf("%.17g", x))
header <- paste("#", R.version.string, "metafor", packageVersion("metafor"), "metadat",
                packageVersion("metadat"))
tight <- list(tol = 1e-14, threshold = 1e-14, maxiter = 100000)

roles <- c("events", "total", "events2", "total2", "mean", "sd", "n", "mean2", "sd2", "n2", "r",
           "time", "time2", "moderator", "cluster", "vi")
rows <- character()
put <- function(set, ...) {
  given <- list(...)
  count <- length(given[[1]])
  cells <- sapply(roles, function(role) if (is.null(given[[role]])) rep("", count) else text(given[[role]]))
  rows <<- c(rows, paste(set, apply(matrix(cells, count), 1, paste, collapse = ","), sep = ","))
}
values <- character()
say <- function(data, model, ...) {
  given <- c(...)
  values <<- c(values, paste(data, model, sub("\\.intrcpt$", "", names(given)), text(given), sep = ","))
}

bcg <- metadat::dat.bcg
put("bcg", events = bcg$tpos, total = bcg$tpos + bcg$tneg, events2 = bcg$cpos,
    total2 = bcg$cpos + bcg$cneg, moderator = bcg$ablat)
pritz <- metadat::dat.pritz1997
put("pritz", events = pritz$xi, total = pritz$ni)
bruin <- metadat::dat.debruin2009
put("debruin", events = bruin$xi, total = bruin$ni)
hannum <- metadat::dat.hannum2020
put("hannum", events = hannum$xi, total = hannum$ni)
niel <- metadat::dat.nielweise2007
put("nielweise2007", events = niel$ai, total = niel$n1i, events2 = niel$ci, total2 = niel$n2i)
rates <- metadat::dat.nielweise2008
put("nielweise2008", events = rates$x1i, time = rates$t1i, events2 = rates$x2i, time2 = rates$t2i)
hine <- metadat::dat.hine1989
put("hine", events = hine$ai, total = hine$n1i, events2 = hine$ci, total2 = hine$n2i)
yusuf <- metadat::dat.yusuf1985
yusuf <- yusuf[yusuf$table == "6", ]
put("yusuf", events = yusuf$ai, total = yusuf$n1i, events2 = yusuf$ci, total2 = yusuf$n2i)
normand <- metadat::dat.normand1999
put("normand", mean = normand$m1i, sd = normand$sd1i, n = normand$n1i, mean2 = normand$m2i,
    sd2 = normand$sd2i, n2 = normand$n2i)
mcdaniel <- metadat::dat.mcdaniel1994
put("mcdaniel", r = mcdaniel$ri, n = mcdaniel$ni)
kon <- metadat::dat.konstantopoulos2011
put("konstantopoulos", mean = kon$yi, vi = kon$vi, cluster = kon$district, moderator = kon$year)

# Effects of every measure.
effects <- function(data, measure, e) say(data, measure,
  setNames(e$yi, paste0("yi", seq_along(e$yi))), setNames(e$vi, paste0("vi", seq_along(e$vi))))
for (m in c("OR", "RR", "RD", "AS"))
  effects("nielweise2007", m, escalc(m, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = niel))
effects("nielweise2007", "PETO", escalc("PETO", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = niel, to = "none"))
for (m in c("PLO", "PR", "PLN", "PAS", "PFT"))
  effects("hannum", m, escalc(m, xi = xi, ni = ni, data = hannum))
effects("nielweise2008", "IRR", escalc("IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = rates))
for (m in c("IR", "IRLN")) effects("nielweise2008", m, escalc(m, xi = x1i, ti = t1i, data = rates))
for (m in c("MD", "SMD", "ROM")) effects("normand", m, escalc(m, m1i = m1i, sd1i = sd1i, n1i = n1i,
  m2i = m2i, sd2i = sd2i, n2i = n2i, data = normand))
effects("normand", "MN", escalc("MN", mi = m1i, sdi = sd1i, ni = n1i, data = normand))
for (m in c("COR", "ZCOR")) effects("mcdaniel", m, escalc(m, ri = ri, ni = ni, data = mcdaniel))

# Two-step models of all estimators of tau2.
summary.of <- function(r) c(b = unname(coef(r))[1], se = r$se[1], lower = r$ci.lb[1], upper = r$ci.ub[1],
  tau2 = r$tau2, se_tau2 = r$se.tau2, i2 = r$I2 / 100, h2 = r$H2, q = r$QE, ll = c(logLik(r)))
sets <- list(
  bcg = escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg),
  hine = escalc("RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = hine),
  hannum = escalc("PLO", xi = xi, ni = ni, data = hannum),
  debruin = escalc("PLO", xi = xi, ni = ni, data = bruin),
  normand = escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = normand))
for (name in names(sets)) for (method in c("CE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM", "PMM"))
  for (test in c("z", "t", "knha", "adhoc")) {
    r <- suppressWarnings(rma(yi, vi, data = sets[[name]], method = method, test = test, control = tight))
    say(name, paste(method, test), summary.of(r))
    if (method != "CE") {
      p <- predict(r)
      say(name, paste(method, test), c(pi_lower = p$pi.lb, pi_upper = p$pi.ub))
    }
    if (test == "z" && method != "CE") {
      ci <- suppressWarnings(confint(r, control = list(tol = 1e-12))$random)
      say(name, paste(method, test), c(tau2_lower = ci[1, 2], tau2_upper = ci[1, 3]))
    }
  }

# A moderator.
for (test in c("z", "knha")) for (method in c("DL", "REML", "ML")) {
  r <- rma(yi, vi, mods = ~ ablat, data = sets$bcg, method = method, test = test, control = tight)
  say("bcg", paste("ablat", method, test), c(b0 = unname(coef(r))[1], b1 = unname(coef(r))[2], se0 = r$se[1],
    se1 = r$se[2], tau2 = r$tau2, qe = r$QE, qm = r$QM, qm_p = r$QMp, r2 = r$R2 / 100, ll = c(logLik(r)),
    p1 = r$pval[2]))
}

# Mantel-Haenszel and Peto.
for (m in c("OR", "RR", "RD")) for (set in c("bcg", "hine", "yusuf")) {
  d <- switch(set, bcg = data.frame(a = bcg$tpos, n1 = bcg$tpos + bcg$tneg, c = bcg$cpos, n2 = bcg$cpos + bcg$cneg),
              hine = data.frame(a = hine$ai, n1 = hine$n1i, c = hine$ci, n2 = hine$n2i),
              yusuf = data.frame(a = yusuf$ai, n1 = yusuf$n1i, c = yusuf$ci, n2 = yusuf$n2i))
  r <- rma.mh(measure = m, ai = a, n1i = n1, ci = c, n2i = n2, data = d, correct = FALSE)
  say(set, paste("MH", m), c(b = c(coef(r)), se = r$se))
  if (m == "OR") {
    r <- rma.peto(ai = a, n1i = n1, ci = c, n2i = n2, data = d)
    say(set, "PETO", c(b = c(coef(r)), se = r$se, q = r$QE))
  }
}
r <- rma.mh(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = rates, correct = FALSE)
say("nielweise2008", "MH IRR", c(b = c(coef(r)), se = r$se))

# Likelihoods by brute force.
z <- seq(-9, 9, length.out = 1201)
w <- dnorm(z) * (z[2] - z[1])
marginal <- function(density) function(theta) {
  mu <- theta[1]; tau <- exp(theta[2])
  value <- -sum(sapply(density, function(f) log(sum(w * f(mu + tau * z)))))
  if (is.finite(value)) value else 1e10
}
polish <- function(target, point) {
  for (step in 1:3) point <- point - solve(numDeriv::hessian(target, point), numDeriv::grad(target, point))
  point
}
fit <- function(density, start) {
  target <- marginal(density)
  best <- optim(start, target, method = "BFGS", control = list(reltol = 1e-10))
  if (best$par[2] < -4) {  # The maximum lies at tau2 = 0.
    common <- function(mu) -sum(sapply(density, function(f) log(f(mu))))
    mu <- polish(common, optimize(common, c(-6, 6), tol = 1e-10)$minimum)
    return(c(mu = mu, tau2 = 0, ll = -common(mu)))
  }
  point <- polish(target, best$par)
  c(mu = point[1], tau2 = exp(2 * point[2]), ll = -target(point))
}
for (set in c("pritz", "debruin", "hannum")) {
  d <- switch(set, pritz = pritz, debruin = bruin, hannum = hannum)
  density <- lapply(seq_len(nrow(d)), function(i) function(t) dbinom(d$xi[i], d$ni[i], plogis(t)))
  say(set, "binomial-normal", fit(density, c(0, -0.5)))
  g <- try(suppressWarnings(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = d, nAGQ = 50)), silent = TRUE)
  if (!inherits(g, "try-error")) say(set, "glmm", c(mu = c(coef(g)), se = g$se, tau2 = g$tau2, ll = c(logLik(g))))
}
choose.log <- function(n, k) lchoose(n, k)
tables <- list(nielweise2007 = niel, hine = hine)
for (set in names(tables)) {
  d <- tables[[set]]
  density <- lapply(seq_len(nrow(d)), function(i) {
    t <- d$ai[i] + d$ci[i]
    s <- max(0, t - d$n2i[i]):min(t, d$n1i[i])
    base <- choose.log(d$n1i[i], s) + choose.log(d$n2i[i], t - s)
    at <- match(d$ai[i], s)
    function(theta) {
      terms <- outer(s, theta) + base
      top <- apply(terms, 2, max)
      exp(terms[at, ] - top) / colSums(exp(sweep(terms, 2, top)))
    }
  })
  say(set, "hypergeometric-normal", fit(density, c(-0.5, -1)))
}
density <- lapply(seq_len(nrow(rates)), function(i) function(t) dpois(rates$x1i[i], rates$t1i[i] * exp(t)))
say("nielweise2008", "poisson-normal", fit(density, c(log(sum(rates$x1i) / sum(rates$t1i)), -0.5)))
density <- lapply(seq_len(nrow(rates)), function(i) function(t) dbinom(rates$x1i[i], rates$x1i[i] + rates$x2i[i],
  plogis(t + log(rates$t1i[i] / rates$t2i[i]))))
say("nielweise2008", "binomial-normal", fit(density, c(-0.5, -1)))

# Beta-binomial by optim over logit of the mean and log of the dispersion.
for (set in c("pritz", "hannum")) {
  d <- switch(set, pritz = pritz, hannum = hannum)
  target <- function(theta) {
    mu <- plogis(theta[1]); phi <- exp(theta[2])
    -sum(lchoose(d$ni, d$xi) + lbeta(d$xi + mu / phi, d$ni - d$xi + (1 - mu) / phi) - lbeta(mu / phi, (1 - mu) / phi))
  }
  best <- optim(c(0, -2), target, method = "BFGS", control = list(reltol = 1e-10))
  point <- try(polish(target, best$par), silent = TRUE)
  if (inherits(point, "try-error")) next
  say(set, "beta-binomial", c(mean = plogis(point[1]), phi = exp(point[2]), ll = -target(point)))
}

# Three levels with cluster-robust CR2.
kon$district <- factor(kon$district)
m <- rma.mv(yi, vi, random = ~ 1 | district / school, data = kon, control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15))
say("konstantopoulos", "three-level", c(b = c(coef(m)), se = m$se, sigma2_1 = m$sigma2[1], sigma2_2 = m$sigma2[2],
  ll = c(logLik(m)), q = m$QE))
if (requireNamespace("clubSandwich", quietly = TRUE)) {
  r <- robust(m, cluster = kon$district, clubSandwich = TRUE)
  say("konstantopoulos", "three-level CR2", c(se = r$se, df = r$dfs, p = r$pval))
}
my <- rma.mv(yi, vi, mods = ~ year, random = ~ 1 | district / school, data = kon, control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15))
say("konstantopoulos", "three-level year", c(b0 = coef(my)[[1]], b1 = coef(my)[[2]], se1 = my$se[2],
  sigma2_1 = my$sigma2[1], sigma2_2 = my$sigma2[2]))

writeLines(c(header, paste(c("data", roles), collapse = ","), rows), paste0(folder, "studies.csv"))
writeLines(c(header, "data,model,quantity,value", values), paste0(folder, "values.csv"))
