# A report's folder: its texts, tables and figures.

read_report <- function(folder) {
  folder <- normalizePath(folder)
  named <- function(kind, ending) {
    files <- list.files(file.path(folder, kind), paste0(gsub(".", "[.]", ending, fixed = TRUE), "$"),
                        full.names = TRUE)
    names(files) <- substr(basename(files), 1, nchar(basename(files)) - nchar(ending))
    files
  }
  structure(
    class = "metastat_report",
    list(
      path = folder, html = file.path(folder, "report.html"),
      markdown = file.path(folder, "report.md"), tables = named("tables", ".csv"),
      figures = named("figures", ".png"), specifications = named("figures", ".vl.json")
    )
  )
}

report_table <- function(report, name) {
  if (!name %in% names(report$tables)) {
    stop("the report has no table '", name, "'; it has ",
         paste(names(report$tables), collapse = ", "), call. = FALSE)
  }
  read_frame(readLines(report$tables[[name]], warn = FALSE, encoding = "UTF-8"), name == "matrix")
}

print.metastat_report <- function(x, ...) {
  cat(sprintf("<report %s: report.html, report.md, %d tables, %d figures>\n", x$path,
              length(x$tables), length(x$specifications)))
  invisible(x)
}
