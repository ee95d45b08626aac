# Golden values for leave-one-out, influence, bias and selection models of MetaAnalysis.
#
# usage: Rscript scripts/golden/meta_robustness.R > Tests/MetaAnalysisTests/Golden/robustness.csv
# Debian: r-cran-metafor (3.8), r-cran-metadat (1.2). Rows: data,part,study,name,value; study 0 is the whole.
suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
})
cat(sprintf("# metafor %s, metadat %s, %s\n", packageVersion("metafor"), packageVersion("metadat"),
            R.version.string))
cat("data,part,study,name,value\n")
out <- function(data, part, study, name, value)
  cat(sprintf("%s,%s,%d,%s,%.15g\n", data, part, study, name, value), sep = "")
each <- function(data, part, name, values) for (i in seq_along(values)) out(data, part, i, name, values[i])

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
bcg$n <- with(dat.bcg, tpos + tneg + cpos + cneg)
hackshaw <- dat.hackshaw1998
egger <- escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.egger2001)
egger$n <- egger$n1i + egger$n2i
baskerville <- dat.baskerville2012
baskerville$yi <- baskerville$smd
baskerville$vi <- baskerville$se^2
sets <- list(bcg = bcg, hackshaw = hackshaw, egger = egger, baskerville = baskerville)

for (name in names(sets)) {
  d <- sets[[name]]
  each(name, "data", "yi", d$yi)
  each(name, "data", "vi", d$vi)
  if (!is.null(d$n)) each(name, "data", "n", d$n)
  for (method in c("EE", "DL", "REML", "ML")) {
    fit <- rma(yi, vi, data = d, method = method, control = list(threshold = 1e-12, maxiter = 1000))
    one <- leave1out(fit)
    each(name, paste0("leave-one-out ", method), "estimate", one$estimate)
    each(name, paste0("leave-one-out ", method), "se", one$se)
    each(name, paste0("leave-one-out ", method), "Q", one$Q)
    if (method != "EE") each(name, paste0("leave-one-out ", method), "tau2", one$tau2)
    cum <- cumul(fit, order = d$vi)
    each(name, paste0("cumulative ", method), "estimate", cum$estimate)
    each(name, paste0("cumulative ", method), "se", cum$se)
    if (method == "ML") next
    inf <- influence(fit)
    for (column in c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight"))
      each(name, paste0("influence ", method), column, inf$inf[[column]])
    each(name, paste0("influence ", method), "dfbs", inf$dfbs$intrcpt)
    each(name, paste0("influence ", method), "is", as.numeric(inf$is.infl))
    b <- baujat(fit)
    ids <- order(b$ids)
    each(name, paste0("baujat ", method), "x", b$x[ids])
    each(name, paste0("baujat ", method), "y", b$y[ids])
  }
  kh <- rma(yi, vi, data = d, test = "knha", control = list(threshold = 1e-12, maxiter = 1000))
  inf <- influence(kh)
  for (column in c("rstudent", "dffits", "cook.d", "cov.r")) each(name, "influence KH", column, inf$inf[[column]])
  each(name, "influence KH", "dfbs", inf$dfbs$intrcpt)

  fit <- rma(yi, vi, data = d, control = list(threshold = 1e-12, maxiter = 1000))
  test <- regtest(fit, model = "lm")
  out(name, "egger lm", 0, "z", test$zval)
  out(name, "egger lm", 0, "df", test$ddf)
  out(name, "egger lm", 0, "p", test$pval)
  out(name, "egger lm", 0, "limit", test$est)
  out(name, "egger lm", 0, "limit_low", test$ci.lb)
  out(name, "egger lm", 0, "limit_high", test$ci.ub)
  lm <- regtest(fit, model = "lm", predictor = "vi")
  out(name, "peese lm", 0, "limit", lm$est)
  out(name, "peese lm", 0, "limit_low", lm$ci.lb)
  out(name, "peese lm", 0, "limit_high", lm$ci.ub)
  test <- regtest(fit)
  out(name, "egger rma", 0, "z", test$zval)
  out(name, "egger rma", 0, "p", test$pval)
  out(name, "egger rma", 0, "limit", test$est)
  test <- ranktest(fit)
  out(name, "begg", 0, "tau", test$tau)
  out(name, "begg", 0, "p", test$pval)
  if (!is.null(d$n)) {
    inverse <- 1 / d$n
    reg <- stats::lm(d$yi ~ inverse, weights = 1 / d$vi)
    s <- summary(reg)$coefficients
    out(name, "inverse n lm", 0, "t", s[2, 3])
    out(name, "inverse n lm", 0, "p", s[2, 4])
  }
  for (method in c("EE", "DL", "REML")) for (estimator in c("L0", "R0", "Q0")) {
    fit2 <- rma(yi, vi, data = d, method = method, control = list(threshold = 1e-12, maxiter = 1000))
    tf <- try(trimfill(fit2, estimator = estimator), silent = TRUE)
    if (inherits(tf, "try-error")) next
    part <- paste0("trimfill ", method, " ", estimator)
    out(name, part, 0, "k0", tf$k0)
    out(name, part, 0, "se_k0", tf$se.k0)
    out(name, part, 0, "left", as.numeric(tf$side == "left"))
    out(name, part, 0, "estimate", tf$beta[1])
    out(name, part, 0, "se", tf$se)
    out(name, part, 0, "tau2", tf$tau2)
  }
  # Limit meta-analysis: the formulas of metasens' limitmeta (method "beta0") and radialregression.
  for (method in c("DL", "REML")) {
    tau2 <- rma(yi, vi, data = d, method = method, control = list(threshold = 1e-12, maxiter = 1000))$tau2
    radial <- function(y, s) stats::lm(I(y / s) ~ I(1 / s))
    general <- radial(d$yi, sqrt(d$vi + tau2))
    slope <- coef(general)[2]
    shrunk <- slope + sqrt(tau2 / (d$vi + tau2)) * (d$yi - slope)
    part <- paste("limit", method)
    out(name, part, 0, "estimate", slope + sqrt(tau2) * coef(general)[1])
    out(name, part, 0, "se", 1 / sd(1 / sqrt(d$vi)) / sqrt(nrow(d) - 1))
    out(name, part, 0, "Q_resid", summary(radial(d$yi, sqrt(d$vi)))$sigma^2 * (nrow(d) - 2))
    out(name, part, 0, "G2", 1 - summary(radial(shrunk, sqrt(d$vi)))$r.squared)
  }
  for (type in c("Rosenthal", "Orwin", "Rosenberg"))
    out(name, "fail-safe", 0, type, fsn(d$yi, d$vi, type = type)$fsnum)
  out(name, "fail-safe", 0, "Orwin 0.1", fsn(d$yi, d$vi, type = "Orwin", target = 0.1)$fsnum)

  ml <- rma(yi, vi, data = d, method = "ML", control = list(threshold = 1e-12, maxiter = 1000))
  side <- if (coef(ml) < 0) "less" else "greater"
  selections <- list("step 0.025" = list(type = "stepfun", steps = 0.025),
                     "step 0.025 0.5" = list(type = "stepfun", steps = c(0.025, 0.5)),
                     "beta" = list(type = "beta"))
  for (s in names(selections)) {
    # The precision of integrals stays metafor's default: with a finer one optim stops far from the maximum.
    sel <- try(suppressWarnings(do.call(selmodel, c(list(ml, alternative = side,
      control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-12)), selections[[s]]))), silent = TRUE)
    if (inherits(sel, "try-error")) next
    part <- paste("selection", s)
    out(name, part, 0, "estimate", sel$beta[1])
    out(name, part, 0, "se", sel$se)
    out(name, part, 0, "tau2", sel$tau2)
    out(name, part, 0, "loglik", as.numeric(logLik(sel)))
    out(name, part, 0, "LRT", sel$LRT)
    out(name, part, 0, "LRTp", sel$LRTp)
    each(name, part, "delta", sel$delta)
  }
}
# All subsets of the 13 studies of BCG.
for (method in c("EE", "DL", "REML")) {
  fit <- rma(yi, vi, data = bcg, method = method, control = list(threshold = 1e-12, maxiter = 1000))
  g <- gosh(fit, progbar = FALSE)
  out("bcg", paste("gosh", method), 0, "count", nrow(g$res))
  single <- g$res$k == 1
  for (q in c(0.05, 0.5, 0.95)) {
    out("bcg", paste("gosh", method), 0, sprintf("estimate %g", q), quantile(g$res$estimate, q))
    out("bcg", paste("gosh", method), 0, sprintf("I2 %g", q), quantile(g$res$I2[!single], q))
  }
  out("bcg", paste("gosh", method), 0, "mean", mean(g$res$estimate))
}
