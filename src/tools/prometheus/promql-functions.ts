/** Functions over a range vector: their argument needs a window. */
export const RANGE_FUNCTIONS: ReadonlySet<string> = new Set(
  `rate irate increase delta idelta deriv changes resets predict_linear avg_over_time min_over_time max_over_time
  sum_over_time count_over_time quantile_over_time stddev_over_time stdvar_over_time last_over_time first_over_time
  present_over_time absent_over_time mad_over_time holt_winters double_exponential_smoothing`.split(/\s+/),
);

/**
 * Everything that may stand before a parenthesis, in any version of Prometheus, in Thanos and in MetricsQL where it lies near one of
 * those names: what is not here and nearly one of these is a slip of the pen.
 */
export const KNOWN_FUNCTIONS: ReadonlySet<string> = new Set([
  ...RANGE_FUNCTIONS,
  ...`abs absent acos acosh asin asinh atan atanh ceil clamp clamp_max clamp_min cos cosh day_of_month day_of_week
  day_of_year days_in_month deg exp floor histogram_avg histogram_count histogram_fraction histogram_quantile
  histogram_quantiles histogram_stddev histogram_stdvar histogram_sum hour info label_join label_replace ln log10 log2
  minute month pi rad round scalar sgn sin sinh sort sort_by_label sort_by_label_desc sort_desc sqrt tan tanh time
  timestamp ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time vector year
  sum avg count min max group stddev stdvar topk bottomk count_values quantile limitk limit_ratio
  by without on ignoring group_left group_right bool offset and or unless atan2 start end step range fill fill_left
  fill_right anchored smoothed max_of min_of xrate xincrease xdelta
  any median mode distinct sum2 geomean mad share zscore outliersk outliers_iqr outliers_mad quantiles histogram
  topk_avg topk_last topk_max topk_median topk_min bottomk_avg bottomk_last bottomk_max bottomk_median bottomk_min
  now drop_common_labels label_copy label_del label_keep label_lowercase label_map label_match label_mismatch label_move
  label_set label_transform label_uppercase label_value label_graphite_group labels_equal alias union if ifnot default
  running_avg running_max running_min running_sum range_avg range_first range_last range_linear_regression range_mad
  range_max range_median range_min range_normalize range_quantile range_stddev range_stdvar range_sum range_zscore
  range_trim_outliers range_trim_spikes range_trim_zscore rand rand_normal rand_exponential ru keep_last_value
  keep_next_value interpolate limit_offset remove_resets sort_by_label_numeric sort_by_label_numeric_desc smooth_exponential
  buckets_limit prometheus_buckets histogram_share vmrange_le bitmap_and bitmap_or bitmap_xor timezone_offset
  aggr_over_time ascent_over_time descent_over_time decreases_over_time increases_over_time distinct_over_time
  duration_over_time geomean_over_time histogram_over_time hoeffding_bound_lower hoeffding_bound_upper
  integrate ideriv increase_pure increase_prometheus rate_prometheus changes_prometheus delta_prometheus rate_over_sum
  lag lifetime median_over_time mode_over_time outlier_iqr_over_time quantiles_over_time range_over_time rollup
  rollup_candlestick rollup_delta rollup_deriv rollup_increase rollup_rate rollup_scrape_interval scrape_interval
  share_gt_over_time share_le_over_time share_eq_over_time stale_samples_over_time sum2_over_time sum_eq_over_time
  sum_gt_over_time sum_le_over_time count_eq_over_time count_gt_over_time count_le_over_time count_ne_over_time
  count_values_over_time tfirst_over_time timestamp_with_name tlast_change_over_time tlast_over_time tmax_over_time
  tmin_over_time zscore_over_time eq_over_time gt_over_time le_over_time with`.split(/\s+/),
]);
