# Run by R CMD check; the program is needed.
library(metastat)

stopifnot(identical(
  as.character(states(c("1", "0", "NA", "", NA, "x"))),
  c("yes", "no", "does not apply", "never asked", NA, NA)
))
stopifnot(identical(metastat:::typed(c("1", NA)), c(1L, NA)))
stopifnot(identical(metastat:::typed(c("1", "0.5")), c(1, 0.5)))
stopifnot(identical(metastat:::typed(c("T", "F")), c("T", "F")))
stopifnot(identical(metastat:::typed(c("", "1")), c("", "1")))

found <- tryCatch(nzchar(metastat_program()), error = function(e) FALSE)
if (!found) {
  message("metastat is not on the PATH: the tests that run it are left out")
  quit(save = "no")
}

# The program and the package are of one version, and have the same commands.
version <- as.character(utils::packageVersion("metastat"))
stopifnot(identical(metastat_version(), version))
page <- metastat:::run_program("--help")$output
page <- page[seq(grep("^SUBCOMMANDS:", page) + 1, length(page))]
told <- sub("^  ([a-z]+) .*", "\\1", grep("^  [a-z]+ +[^ ]", page, value = TRUE))
stopifnot(identical(metastat_commands(), setdiff(told, "help")))

# Cells in four states go in, and come back as they were.
answers <- data.frame(
  paper = paste0("p", 0:9), code = as.character(0:9 %% 2),
  data = c("NA", "NA", "NA", "", "", rep("1", 5))
)
counts <- function(frame) {
  unlist(frame[frame$term == "data", c("n_applicable", "n_not_applicable", "n_absent", "n_yes")],
         use.names = FALSE)
}
r <- rates(answers, rows = "item", quiet = TRUE)
stopifnot(is.data.frame(r), is.numeric(r$estimate), is.integer(r$n_papers), all(is.na(r$category)))
stopifnot(identical(counts(r), c(5L, 3L, 2L, 5L)))
m <- answer_matrix(answers, quiet = TRUE)
stopifnot(inherits(m, "metastat_matrix"), identical(m$data, answers$data))
stopifnot(identical(unclass(answer_matrix(m, quiet = TRUE))$data, m$data))

# NA of R is never asked unless it is said to be does not apply.
answers$data[10] <- NA
stopifnot(identical(counts(rates(answers, quiet = TRUE)), c(4L, 3L, 3L, 4L)))
stopifnot(identical(counts(rates(answers, missing = "na", quiet = TRUE)), c(4L, 4L, 2L, 4L)))
logical <- data.frame(paper = c("a", "b", "c"), data = c(TRUE, FALSE, NA))
stopifnot(identical(counts(rates(logical, quiet = TRUE)), c(2L, 0L, 1L, 1L)))
texts <- data.frame(paper = c("a", "b", "c"), data = factor(c("yes", "no", "NA")))
stopifnot(identical(counts(rates(texts, quiet = TRUE)), c(2L, 1L, 0L, 1L)))

# Options: several values, flags, what is left out, data frames.
r <- rates(answers, rows = c("item", "overall"), interval = "bca", level = 0.9, sort = "-estimate",
           ranks = TRUE, by = NULL, simultaneous = FALSE, quiet = TRUE)
stopifnot(setequal(r$level, c("item", "overall")), all(r$conf_level == 0.9), "rank_low" %in% names(r))
covariates <- data.frame(paper = answers$paper, team = rep(c("A", "B"), 5), x = 1e-5 * (1:10))
r <- rates(answers, covariates = covariates, by = "team", rows = "overall", quiet = TRUE)
stopifnot(setequal(r$group, c("A", "B")))
stopifnot(is.data.frame(agree(answers, transform(answers, code = "1"), quiet = TRUE)))
stopifnot(is.character(rates(answers, format = "markdown", quiet = TRUE)))

# Numbers keep their digits.
file <- tempfile(fileext = ".csv")
metastat:::write_frame(data.frame(x = c(1/3, 1e-20, 123456789012, NA)), file, "na")
back <- read.csv(file)$x
stopifnot(identical(back, c(1/3, 1e-20, 123456789012, NA)))
odd <- data.frame(paper = c("\u00e9,\"x\"", "b"), q = c("1", "0"))
names(odd)[2] <- "Is it \u201copen\u201d?"
stopifnot(setequal(answer_matrix(odd, quiet = TRUE)$paper, odd$paper))
stopifnot(identical(names(answer_matrix(odd, quiet = TRUE))[2], names(odd)[2]))

# Errors are conditions with the program's message, notes are messages.
e <- tryCatch(rates(answers, intervall = "bca"), metastat_usage_error = function(e) e)
stopifnot(e$code == 64, identical(
  conditionMessage(e), "rates has no option '--intervall'; the nearest is --interval"
))
e <- tryCatch(rates("nowhere.csv"), metastat_error = function(e) e)
stopifnot(inherits(e, "metastat_nothing_there"), e$code == 66)
e <- tryCatch(rates("--version"), metastat_error = function(e) e)
stopifnot(inherits(e, "metastat_nothing_there"))
e <- tryCatch(rates(answers, missing = "no"), error = function(e) conditionMessage(e))
stopifnot(startsWith(e, "missing is"))
two <- rbind(cbind(answers, rater = "A"), cbind(answers, rater = "B"))
said <- character(0)
r <- withCallingHandlers(rates(two), message = function(m) {
  said <<- c(said, conditionMessage(m))
  invokeRestart("muffleMessage")
})
stopifnot(length(said) > 0, startsWith(said, "metastat: "), length(attr(r, "notes")) == length(said))

# A report.
r <- report(answers, only = "items", title = "A form", quiet = TRUE)
stopifnot(inherits(r, "metastat_report"), file.exists(r$html), any(grepl("A form", readLines(r$markdown))))
stopifnot(is.data.frame(report_table(r, "items")), length(r$specifications) > 0)
stopifnot(is.character(report(answers, snippet = "headline", quiet = TRUE)))
