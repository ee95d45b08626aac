import ArgumentParser
import SurveyStats

extension ItemMix.Method: ExpressibleByArgument {}
