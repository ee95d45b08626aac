# Max-T adjusted p-values of Westfall and Young over all arrangements of two groups.
# Writes Tests/SurveyStatsTests/Golden/reviewer/joint_permutations.csv.
suppressPackageStartupMessages(library(multtest))
path <- "Tests/SurveyStatsTests/Golden/reviewer/joint_permutations.csv"
set.seed(20261130)
sets <- list(even = c(6, 6), uneven = c(4, 9))
rows <- do.call(rbind, lapply(names(sets), function(name) {
  sizes <- sets[[name]]
  group <- rep(c(1, 0), sizes)
  n <- sum(sizes)
  trait <- rnorm(n)
  answers <- t(sapply(1:8, function(item)
    as.integer(0.8 * trait + rnorm(n) + (if (item <= 3) 1.6 * group else 0) > 0.4)))
  # Items that are constant have no t; the family is those that vary.
  answers <- answers[apply(answers, 1, function(x) length(unique(x)) > 1), , drop = FALSE]
  found <- mt.maxT(answers, group, test = "t.equalvar", side = "abs", B = 0)
  found <- found[order(found$index), ]
  data.frame(set = name, first = sizes[1], item = seq_len(nrow(answers)),
             answers = apply(answers, 1, paste, collapse = ""),
             raw = format(found$rawp, digits = 17), adjusted = format(found$adjp, digits = 17))
}))
file <- file(path, "w")
writeLines(paste0("# multtest::mt.maxT(test = \"t.equalvar\", B = 0) ", packageVersion("multtest"), ", ",
                  R.version.string), file)
write.csv(rows, file, row.names = FALSE, quote = FALSE)
close(file)
